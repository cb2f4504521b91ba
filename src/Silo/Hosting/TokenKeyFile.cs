using Flywheel.Decisions;
using Flywheel.Domain.Access;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// The keys of the decision tokens: a line each, <c>id key [from]</c>, the id as 8 hex digits, the key as base64 of 32 bytes, and the time from
/// which it signs. The one that signs is the latest whose time has come; of lines without a time, the first. All verify what they signed then. The file is read
/// again while the engine runs: to rotate, add a line whose time is some minutes off, so that every silo knows the key before any signs with
/// it, and drop the old one once its tokens have expired; <c>flywheel token-keys rotate</c> does both.
/// </summary>
internal static class TokenKeyFile
{
    /// <summary>Reads the file; makes it, readable by its owner alone, where it is missing.</summary>
    /// <exception cref="StartupException">The file cannot be read as keys.</exception>
    public static TokenKeys LoadOrCreate(string path)
    {
        if (!File.Exists(path))
            Write(path, ReadOrMake(path), overwrite: false);
        try
        {
            var lines = TokenKeyDocument.Read(ReadOrMake(path));
            return new TokenKeys(InOrder(lines, TimeProvider.System.GetUtcNow()), TokenKeyDocument.Periods(lines));
        }
        catch (FormatException e)
        {
            throw new StartupException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The keys of such a file; the one that signs at <paramref name="now"/> is the first.</summary>
    /// <exception cref="FormatException">None signs.</exception>
    public static IReadOnlyList<KeyValuePair<uint, byte[]>> InOrder(IReadOnlyList<TokenKeyLine> keys, DateTimeOffset now)
    {
        var signing = keys.Where(key => key.From is not { } from || from <= now).MaxBy(key => key.From ?? DateTimeOffset.MinValue)
            ?? throw new FormatException("came keys that all sign later; expected one that signs now");
        return [KeyValuePair.Create(signing.Id, signing.Key), .. keys.Where(key => key != signing).Select(key => KeyValuePair.Create(key.Id, key.Key))];
    }

    /// <summary>What the file holds; new keys, which are not written yet, where it is missing.</summary>
    /// <exception cref="StartupException">The file cannot be read.</exception>
    public static string ReadOrMake(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : TokenKeyDocument.Write([TokenKeyLine.New(from: null)]);
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

    private static StartupException Unusable(string path, Exception e) => new($"The token key file {path} cannot be read or made: {e.Message}", e);
}
