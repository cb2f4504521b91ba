using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Reads files again while the engine runs. They are small and read as a whole: the time of a change is not to be trusted where a folder is
/// swapped by a link, as Kubernetes does with secrets.
/// </summary>
internal sealed partial class WatchedFiles(IEnumerable<IWatchedFile> files, AccessMetrics metrics, TimeProvider time, ILogger<WatchedFiles> log) : BackgroundService
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, byte[]> _seen = [];

    /// <summary>Reads a file for the first time.</summary>
    /// <exception cref="StartupException">It cannot be read or used.</exception>
    public static void Load(IWatchedFile file, string option)
    {
        try
        {
            file.Take(Read(file.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartupException($"{option} {file.Path}: {e.Message}", e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var file in files)
                Look(file);
        }
    }

    private void Look(IWatchedFile file)
    {
        var content = Array.Empty<byte>();
        try
        {
            content = Read(file.Path);
            if (_seen.TryGetValue(file.Path, out var seen) && content.AsSpan().SequenceEqual(seen))
                return;
            file.Take(content);
            if (seen is not null)
                LogTaken(file.Path);
            metrics.FileRead(Path.GetFileName(file.Path), isUsable: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            metrics.FileRead(Path.GetFileName(file.Path), isUsable: false);
            // Told once for each content that cannot be used.
            if (!_seen.TryGetValue(file.Path, out var seen) || !content.AsSpan().SequenceEqual(seen))
                LogNotTaken(file.Path, e.Message);
        }
        _seen[file.Path] = content;
    }

    private static byte[] Read(string path) =>
        new FileInfo(path) is { Exists: true, Length: > MaxBytes } large ? throw new FormatException($"came {large.Length} bytes; expected at most {MaxBytes}") : File.ReadAllBytes(path);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} has changed and was read again")]
    private partial void LogTaken(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} has changed and cannot be used; what it held before holds on: {Why}")]
    private partial void LogNotTaken(string path, string why);
}
