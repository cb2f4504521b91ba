namespace Flywheel.Silo.Hosting;

/// <summary>The data folder, held for this process alone.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="StartupException">Another process holds the folder, or it cannot be made.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StartupException($"The data folder {path} is in use by another engine, or cannot be written ({e.Message}). Stop that one, or start with another --data folder.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException($"The data folder {path} cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
