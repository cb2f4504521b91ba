using System.Globalization;
using System.Security.Cryptography;
using Flywheel.Domain.Decisions;

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

    private static string[] ReadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
                Create(path);
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The token key file {path} cannot be read or made: {e.Message}", e);
        }
    }

    private static void Create(string path)
    {
        // Written beside and moved into place, so that no crash leaves half a file.
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            using (var writer = new StreamWriter(file, leaveOpen: true))
            {
                writer.WriteLine("# Keys of Flywheel's decision tokens: id, key. The first signs, all verify.");
                writer.WriteLine($"{RandomNumberGenerator.GetHexString(8, lowercase: true)} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenKeys.KeyBytes))}");
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path);
    }

    private static KeyValuePair<uint, byte[]>? Parse(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var id, var text]
            || !uint.TryParse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number))
            return null;
        var key = new byte[TokenKeys.KeyBytes];
        return Convert.TryFromBase64String(text, key, out var written) && written == key.Length ? new(number, key) : null;
    }
}
