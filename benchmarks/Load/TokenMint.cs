using System.Globalization;
using System.Text;
using Flywheel.Client;
using Flywheel.Decisions;

namespace Flywheel.Benchmarks.Load;

/// <summary>
/// Makes decision ids as the engine would, with its key and after its own examples, so that a load of signals costs the engine no
/// decisions. Each segment has an issuer of its own, whose counter is dense. Not thread-safe.
/// </summary>
internal sealed class TokenMint
{
    private const int ExamplesPerSegment = 8;

    private readonly TokenKeys _keys;
    private readonly List<MintedSegment> _segments = [];

    private TokenMint(TokenKeys keys) => _keys = keys;

    public int Segments => _segments.Count;

    /// <summary>Asks the engine for examples of each segment.</summary>
    public static async Task<TokenMint> OpenAsync(HttpClient http, string campaign, IEnumerable<string> segments)
    {
        var path = Environment.GetEnvironmentVariable("TOKEN_KEY") ?? throw new InvalidOperationException("TOKEN_KEY is not set; expected the engine's token key file.");
        var mint = new TokenMint(ReadKeys(await File.ReadAllLinesAsync(path)));
        await using var client = new FlywheelClient(http);
        foreach (var chunk in segments.Chunk(FlywheelClient.MaxDecisionsPerRequest / ExamplesPerSegment))
        {
            var answers = await client.DecideManyAsync([.. chunk.SelectMany(segment => Enumerable.Repeat(new DecisionRequest(campaign) { Segment = segment }, ExamplesPerSegment))]);
            foreach (var examples in answers.Chunk(ExamplesPerSegment))
                mint._segments.Add(new MintedSegment([.. examples.Select(example => mint.Read(example.Decision!.DecisionId))]));
        }
        return mint;
    }

    /// <summary>Writes the next decision id of a segment; returns its length.</summary>
    /// <param name="utf8">Room for <see cref="DecisionToken.MaxChars"/>.</param>
    public int Write(int segment, long nowMs, Span<byte> utf8)
    {
        var minted = _segments[segment];
        var example = minted.Examples[(int)(minted.Counter % (ulong)minted.Examples.Count)];
        return new DecisionToken
        {
            Issuer = minted.Issuer,
            Counter = minted.Counter++,
            IssuedAtMs = nowMs,
            Group = example.Group,
            Propensity = example.Propensity,
            Incarnation = example.Incarnation,
            WindowSeconds = example.WindowSeconds,
            Campaign = example.Campaign,
            Segment = example.Segment,
            ModuleKeys = example.ModuleKeys,
        }.WriteTo(utf8, _keys);
    }

    private Example Read(string token)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var verdict = DecisionToken.Read(Encoding.ASCII.GetBytes(token), _keys, now, new byte[DecisionToken.MaxBytes], out var read);
        return verdict == TokenVerdict.Valid
            ? new Example(read.Group, read.Propensity, read.Incarnation, read.WindowSeconds, read.Campaign.ToArray(), read.Segment.ToArray(), read.ModuleKeys.ToArray())
            : throw new InvalidOperationException($"TOKEN_KEY: came keys by which the engine's own token is {verdict}; expected the file that the engine reads.");
    }

    private static TokenKeys ReadKeys(string[] lines) => new([.. lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '))
        .Select(parts => KeyValuePair.Create(uint.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), Convert.FromBase64String(parts[1])))]);

    private sealed record Example(Group Group, double Propensity, ulong Incarnation, uint WindowSeconds, byte[] Campaign, byte[] Segment, byte[] ModuleKeys);

    private sealed class MintedSegment(List<Example> examples)
    {
        public List<Example> Examples => examples;
        public ulong Issuer { get; } = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        public ulong Counter { get; set; }
    }
}
