using System.Diagnostics;
using System.Text;
using Flywheel.Cli.Terminals;

namespace Flywheel.Cli.Keys;

/// <summary>Reads and replaces files of keys.</summary>
internal static class KeyFiles
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs a command on such a file; what is wrong with it ends in a sentence and <see cref="ExitCodes.Unusable"/>.</summary>
    public static int Run(FileInfo file, Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Terminal.Fail($"{file}: {e.Message}");
            return ExitCodes.Unusable;
        }
    }

    /// <summary>
    /// As <see cref="Run"/>, for a command that changes the file: alone, so that of two at once each finds what the other did. The lock is a
    /// file beside it, which stays; one that was removed by its holder could be held by two.
    /// </summary>
    public static int Change(FileInfo file, Func<int> command) => Run(file, () =>
    {
        using var alone = Lock(file);
        file.Refresh();
        return command();
    });

    private static FileStream Lock(FileInfo file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var pause = new ManualResetEventSlim();
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream($"{file.FullName}.lock", options);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                    throw new IOException($"another command is changing it and has not ended within {Patience.TotalSeconds:0} s, or {file.Name}.lock cannot be written ({e.Message})", e);
                pause.Wait(LookEvery);
            }
        }
    }

    /// <summary>Replaces the file as a whole, readable by its owner alone: whoever reads it finds the old or the new one.</summary>
    public static void Replace(FileInfo file, byte[] content)
    {
        var draft = $"{file.FullName}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = file.Exists ? File.GetUnixFileMode(file.FullName) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, file.FullName, overwrite: true);
    }

    public static void Replace(FileInfo file, string content) => Replace(file, Encoding.UTF8.GetBytes(content));
}
