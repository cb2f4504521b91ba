using System.Globalization;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Exports;

/// <summary>
/// The folder of scheduled files: a folder for each round, by its time (<c>20260504T100000Z</c>), which is there once it is whole. What else lies
/// there is left alone.
/// </summary>
internal sealed class ExportFolder(ExportOptions options)
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";
    private const string Unfinished = ".partial";

    /// <exception cref="StartupException">It cannot be written to.</exception>
    public void Open()
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            using var held = TryHold();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--export-dir: came {options.Folder}, which cannot be written to ({e.Message}); expected a folder.", e);
        }
    }

    /// <summary>The right to write here until it is disposed of; null where another silo has it.</summary>
    public IDisposable? TryHold()
    {
        try
        {
            return new FileStream(Path.Combine(options.Folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(options.Folder, ".lock")))
        {
            return null;
        }
    }

    public bool Has(DateTimeOffset due) => Directory.Exists(PathOf(due));

    /// <summary>An empty folder for a round that is not whole yet. What a process that died has left there is gone.</summary>
    public string Begin(DateTimeOffset due)
    {
        foreach (var left in Directory.EnumerateDirectories(options.Folder, $".*{Unfinished}"))
            Directory.Delete(left, recursive: true);
        return Directory.CreateDirectory(Path.Combine(options.Folder, $".{NameOf(due)}{Unfinished}")).FullName;
    }

    /// <summary>The round is whole: from now on it is there, at once. The oldest beyond those that are kept go.</summary>
    public void Finish(string unfinished, DateTimeOffset due)
    {
        Directory.Move(unfinished, PathOf(due));
        var rounds = Directory.EnumerateDirectories(options.Folder).Where(IsRound).Order(StringComparer.Ordinal).ToList();
        foreach (var old in rounds.SkipLast(options.Keep))
            Directory.Delete(old, recursive: true);
    }

    private string PathOf(DateTimeOffset due) => Path.Combine(options.Folder, NameOf(due));

    private static string NameOf(DateTimeOffset due) => due.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);

    private static bool IsRound(string path) => DateTime.TryParseExact(Path.GetFileName(path), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
