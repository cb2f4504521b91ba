using System.Text;
using System.Text.Json;

namespace Flywheel.Fuzz.Tests;

/// <summary>Makes inputs that are nearly right of right ones: by bytes, and where they are JSON by values and members as well.</summary>
/// <param name="seeds">Inputs to begin with, one or more.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds)
{
    /// <summary>Bytes of an input; longer ones are cut.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxSteps = 4;
    private const int MaxDepth = 2_000;

    /// <summary>What parsers stumble over.</summary>
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "{}", "[]", "\"\"", "0", "-0", "-1", "1.5", "1e999999", "-1e999999", "1e-999999", "0.1e-400",
            "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "340282366920938463463374607431768211456",
            "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\u0001sample\"", "\"default\"", "\"NaN\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"",
            "\"P99999999999D\"", "\"10675199.02:48:05.4775807\"", "/*", "//", "\r\n", "\n", "\u2028", "\ufeff", "🦀", "e\u0301", "%00", "&", "=", "+", "?",
        ]).Select(Encoding.UTF8.GetBytes),
        [7, .. "\u0001sample"u8], [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x7F, 0xF8, 0, 0, 0, 0, 0, 0], [0x80, 0, 0, 0, 0, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ];

    /// <summary>An input; the same for the same random numbers.</summary>
    public byte[] Next(Random random)
    {
        var bytes = seeds[random.Next(seeds.Count)];
        for (var steps = 1 + random.Next(MaxSteps); steps > 0; steps--)
            bytes = Step(bytes, random);
        return bytes.Length <= MaxBytes ? bytes : bytes[..MaxBytes];
    }

    /// <summary>The values of a JSON text, and its members with their names: where each begins and ends. Up to the first fault.</summary>
    public static (List<Range> Values, List<Range> Members) Parts(ReadOnlySpan<byte> json)
    {
        var (values, members, open, names) = (new List<Range>(), new List<Range>(), new Stack<int>(), new Stack<int>());
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000, AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        names.Push(start);
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push(start);
                        // Marks that the names above belong to what is inside.
                        names.Push(-1);
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        start = open.Pop();
                        names.Pop();
                        break;
                }
                values.Add(start..end);
                if (names.TryPeek(out var name) && name >= 0)
                {
                    members.Add(name..end);
                    names.Pop();
                }
            }
        }
        catch (JsonException)
        {
            // What was read so far will do.
        }
        return (values, members);
    }

    private byte[] Step(byte[] bytes, Random random) => random.Next(16) switch
    {
        0 or 1 => Flip(bytes, random),
        2 => SetByte(bytes, random),
        3 => bytes[..random.Next(bytes.Length + 1)],
        4 => Replace(bytes, Span(bytes, random), []),
        5 => Replace(bytes, At(bytes, random), bytes[Span(bytes, random)]),
        6 => Replace(bytes, Span(bytes, random), Other(random)),
        7 or 8 => Replace(bytes, At(bytes, random), Tokens[random.Next(Tokens.Length)]),
        9 => Nest(bytes, random),
        10 => Many(bytes, random),
        _ => Restructure(bytes, random),
    };

    private byte[] Restructure(byte[] bytes, Random random)
    {
        var (values, members) = Parts(bytes);
        if (values.Count == 0)
            return Replace(bytes, Span(bytes, random), Tokens[random.Next(Tokens.Length)]);
        var value = values[random.Next(values.Count)];
        switch (random.Next(members.Count > 0 ? 5 : 2))
        {
            case 0:
                return Replace(bytes, value, Tokens[random.Next(Tokens.Length)]);
            case 1:
                var from = seeds[random.Next(seeds.Count)];
                var others = Parts(from).Values;
                return others.Count > 0 ? Replace(bytes, value, from[others[random.Next(others.Count)]]) : bytes;
            case 2:
                // Twice the same member.
                var twice = members[random.Next(members.Count)];
                return Replace(bytes, twice.End..twice.End, [(byte)',', .. bytes[twice]]);
            case 3:
                var gone = members[random.Next(members.Count)];
                var comma = gone.End.Value < bytes.Length && bytes[gone.End.Value] == ',' ? 1 : 0;
                return Replace(bytes, gone.Start..(gone.End.Value + comma), []);
            default:
                var (one, two) = (members[random.Next(members.Count)], members[random.Next(members.Count)]);
                return Replace(bytes, one, bytes[two]);
        }
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
            return bytes;
        var copy = (byte[])bytes.Clone();
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private static byte[] SetByte(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
            return bytes;
        var copy = (byte[])bytes.Clone();
        copy[random.Next(copy.Length)] = (byte)random.Next(256);
        return copy;
    }

    private byte[] Other(Random random)
    {
        var other = seeds[random.Next(seeds.Count)];
        return other[Span(other, random)];
    }

    private static byte[] Nest(byte[] bytes, Random random)
    {
        var depth = 1 + random.Next(MaxDepth);
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        var inside = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + "0" + string.Concat(Enumerable.Repeat(close, depth)));
        var values = Parts(bytes).Values;
        return Replace(bytes, values.Count > 0 ? values[random.Next(values.Count)] : At(bytes, random), inside);
    }

    /// <summary>A part of it, again and again.</summary>
    private static byte[] Many(byte[] bytes, Random random)
    {
        var span = Span(bytes, random);
        var part = bytes[span];
        if (part.Length is 0 or > 1_024)
            return bytes;
        var times = 1 + random.Next(Math.Min(2_000, MaxBytes / part.Length));
        return Replace(bytes, span, [.. Enumerable.Repeat(part, times).SelectMany(each => each)]);
    }

    private static Range Span(byte[] bytes, Random random)
    {
        var start = random.Next(bytes.Length + 1);
        // Mostly short: long ones leave nothing to look at.
        var longest = Math.Min(bytes.Length - start, random.Next(4) == 0 ? bytes.Length : 16);
        return start..(start + random.Next(longest + 1));
    }

    private static Range At(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        return at..at;
    }

    private static byte[] Replace(byte[] bytes, Range range, ReadOnlySpan<byte> by) => [.. bytes.AsSpan(..range.Start), .. by, .. bytes.AsSpan(range.End..)];
}
