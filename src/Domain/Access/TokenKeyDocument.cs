using System.Globalization;
using System.Text;
using Flywheel.Decisions;

namespace Flywheel.Domain.Access;

/// <summary>The file of the decision tokens' keys: a line each, <c>id key [from]</c>; lines that begin with # are remarks.</summary>
public static class TokenKeyDocument
{
    private const string Expected = "an id of 8 hex digits, a key of 32 bytes in base64, and perhaps a time such as 2026-05-04T10:00:00Z";

    /// <exception cref="FormatException">The text cannot be read as keys; it says which line.</exception>
    public static IReadOnlyList<TokenKeyLine> Read(string text)
    {
        var keys = new List<TokenKeyLine>();
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0 && lines[i][0] != '#')
                keys.Add(Parse(lines[i]) ?? throw new FormatException($"line {i + 1}: came something else; expected {Expected}"));
        }
        if (keys.Count == 0 || keys.DistinctBy(key => key.Id).Count() < keys.Count)
            throw new FormatException("expected at least one key, each with an id of its own");
        return keys;
    }

    /// <summary>
    /// When each signs, by its id: from its time to that of the next one. Lines without a time sign until the first time; where there are several, nobody
    /// knows when each of them did.
    /// </summary>
    public static IReadOnlyDictionary<uint, SigningPeriod> Periods(IReadOnlyList<TokenKeyLine> keys)
    {
        var times = keys.Select(key => key.From).OfType<DateTimeOffset>().Select(from => from.ToUnixTimeMilliseconds()).Distinct().Order().ToList();
        return keys.ToDictionary(key => key.Id, key =>
        {
            var from = key.From?.ToUnixTimeMilliseconds() ?? SigningPeriod.Always.FromMs;
            return new SigningPeriod(from, times.Where(time => time > from).DefaultIfEmpty(SigningPeriod.Always.UntilMs).First());
        });
    }

    public static string Write(IEnumerable<TokenKeyLine> keys)
    {
        var text = new StringBuilder("# Keys of Flywheel's decision tokens: id, key, the time from which it signs. The latest whose time has come signs, all verify.\n");
        foreach (var key in keys)
            text.Append(CultureInfo.InvariantCulture, $"{key.Id:x8} {Convert.ToBase64String(key.Key)}{(key.From is { } from ? $" {from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")}\n");
        return text.ToString();
    }

    private static TokenKeyLine? Parse(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is < 2 or > 3 || !uint.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id))
            return null;
        var key = new byte[TokenKeys.KeyBytes];
        if (!Convert.TryFromBase64String(parts[1], key, out var written) || written != key.Length)
            return null;
        if (parts.Length == 2)
            return new TokenKeyLine(id, key, null);
        return DateTimeOffset.TryParse(parts[2], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from) ? new TokenKeyLine(id, key, from) : null;
    }
}
