namespace Flywheel.Silo.Hosting;

/// <summary>What is read from a file at the start, and again whenever the file changes.</summary>
internal interface IWatchedFile
{
    string Path { get; }

    /// <summary>Takes what the file holds now.</summary>
    /// <exception cref="FormatException">It cannot be used; what was taken before holds on.</exception>
    void Take(byte[] content);
}
