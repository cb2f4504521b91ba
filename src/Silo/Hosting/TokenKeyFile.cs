using System.Globalization;
using System.Security.Cryptography;
using Flywheel.Decisions;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// The keys of the decision tokens: a line each, <c>id key</c>, the id as 8 hex digits and the key as base64 of 32 bytes. The
/// first line signs, all verify; to rotate, put a new line on top and drop the old one once its tokens have expired.
/// </summary>
internal static class TokenKeyFile
{
    /// <summary>Reads the file; makes it, readable by its owner alone, where it is missing.</summary>
    /// <exception cref="StartupException">The file cannot be read as keys.</exception>
    public static TokenKeys LoadOrCreate(string path)
    {
        var keys = new List<KeyValuePair<uint, byte[]>>();
        var lines = ReadOrCreate(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0 && lines[i][0] != '#')
                keys.Add(Parse(lines[i]) ?? throw new StartupException($"{path} line {i + 1}: expected an id of 8 hex digits and a key of {TokenKeys.KeyBytes} bytes in base64."));
        }
        if (keys.Count == 0 || keys.DistinctBy(key => key.Key).Count() < keys.Count)
            throw new StartupException($"{path}: expected at least one key, each with an id of its own.");
        return new TokenKeys(keys);
    }

    /// <summary>What the file holds; new keys, which are not written yet, where it is missing.</summary>
    /// <exception cref="StartupException">The file cannot be read.</exception>
    public static string ReadOrMake(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : $"""
                # Keys of Flywheel's decision tokens: id, key. The first signs, all verify.
                {RandomNumberGenerator.GetHexString(8, lowercase: true)} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenKeys.KeyBytes))}

                """;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
    }

    /// <summary>Writes the file, readable by its owner alone; leaves one that is there as it is unless told to overwrite it.</summary>
    /// <exception cref="StartupException">The file cannot be written.</exception>
    public static void Write(string path, string text, bool overwrite)
    {
        try
        {
            // Written beside and moved into place, so that no crash leaves half a file.
            var draft = $"{path}.{Guid.NewGuid():n}";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(draft, options))
            {
                using (var writer = new StreamWriter(file, leaveOpen: true))
                    writer.Write(text);
                file.Flush(flushToDisk: true);
            }
            if (overwrite || !File.Exists(path))
                File.Move(draft, path, overwrite);
            else
                File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
    }

    private static string[] ReadOrCreate(string path)
    {
        if (!File.Exists(path))
            Write(path, ReadOrMake(path), overwrite: false);
        return ReadOrMake(path).Split('\n', StringSplitOptions.TrimEntries);
    }

    private static StartupException Unusable(string path, Exception e) => new($"The token key file {path} cannot be read or made: {e.Message}", e);

    private static KeyValuePair<uint, byte[]>? Parse(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var id, var text]
            || !uint.TryParse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number))
            return null;
        var key = new byte[TokenKeys.KeyBytes];
        return Convert.TryFromBase64String(text, key, out var written) && written == key.Length ? new(number, key) : null;
    }
}
