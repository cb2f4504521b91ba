using System.Text;

namespace Flywheel.Cli.Keys;

/// <summary>Reads and replaces files of keys.</summary>
internal static class KeyFiles
{
    /// <summary>Runs a command on such a file; what is wrong with it ends in a sentence and <see cref="ExitCodes.Unusable"/>.</summary>
    public static int Run(FileInfo file, Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Console.Error.WriteLine($"flywheel: {file.Name}: {e.Message}");
            return ExitCodes.Unusable;
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
