using System.Diagnostics;
using System.Globalization;
using System.Text;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Fuzz.Tests;

/// <summary>Whatever comes from outside, each parser refuses it as documented or reads it, in bounded time and memory.</summary>
public sealed class ParserTests(ITestOutputHelper output)
{
    private const int Kibibyte = 1_024;

    /// <summary>Twice the input may take this many times as long: 2 and room for noise; what grows with the square takes 4.</summary>
    private const double Growth = 3.2;

    private static readonly Dictionary<string, Parser> All = Parsers.All().ToDictionary(parser => parser.Name, StringComparer.Ordinal);

    /// <summary>Things that can be made as long as one likes.</summary>
    private static readonly Func<int, string>[] Long =
    [
        length => $"\"{new string('a', length)}\"",
        length => $"\"{string.Concat(Enumerable.Repeat("\\u00e9", length / 6))}\"",
        length => new string('7', length),
        length => $"[{string.Join(',', Enumerable.Repeat("1", length / 2))}]",
        length => $"[{string.Join(',', Enumerable.Repeat("{\"id\":\"a\"}", length / 11))}]",
        length => $"{{{string.Join(',', Enumerable.Range(0, length / 12).Select(i => $"\"k{i}\":{i}"))}}}",
        length => $"{{{string.Join(',', Enumerable.Repeat("\"id\":\"a\"", length / 9))}}}",
        length => $"\"{new string(' ', length)}\"",
        length => string.Concat(Enumerable.Repeat("a=b&", length / 4)),
        length => string.Concat(Enumerable.Repeat("a b\n", length / 4)),
    ];

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string, string> Broken => [.. Corpus.Files().Select(file => (file.Parser, file.Name))];

    [Theory]
    [MemberData(nameof(Broken))]
    public void Input_ThatBrokeOnce_DoesNotAgain(string parser, string file) => Fuzzing.CheckBounded(All[parser], Corpus.Read(parser, file));

    [Theory]
    [MemberData(nameof(Names))]
    public void Sample_AsItStands_IsRead(string parser) => Assert.All(All[parser].Samples, sample => Fuzzing.CheckBounded(All[parser], sample));

    /// <summary>What is refused as it stands makes inputs that are refused at the same place.</summary>
    [Fact]
    public void Sample_OfACampaign_IsOneThatMayBePut() => Assert.All(Samples.Campaigns, sample =>
    {
        var campaign = CampaignReader.Read("spring", sample, out var errors);
        Assert.Empty(errors);
        Assert.Empty(NewDocument.Check(campaign!));
    });

    [Fact]
    public async Task Sample_OfAToken_IsBelieved() => Assert.Equal("acme", (await OutsideParsers.Bearers.FindAsync(Encoding.ASCII.GetString(OutsideParsers.Token)))?.Tenant);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Input_NearlyRight_IsRefusedAsDocumentedOrRead(string parser)
    {
        var inputs = await Fuzzing.RunAsync(All[parser], Corpus.Of(parser));
        output.WriteLine($"{parser}: {inputs.ToString("N0", CultureInfo.InvariantCulture)} inputs");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Input_TwiceAsLong_TakesAboutTwiceAsLong(string parser)
    {
        var random = new Random(3);
        foreach (var make in Long)
        {
            var sample = All[parser].Samples[random.Next(All[parser].Samples.Count)];
            var values = Mutator.Parts(sample).Values;
            var place = values.Count > 0 ? values[random.Next(values.Count)] : sample.Length..sample.Length;
            byte[] Of(int kibibytes) => [.. sample.AsSpan(..place.Start), .. Encoding.UTF8.GetBytes(make(kibibytes * Kibibyte)), .. sample.AsSpan(place.End..)];
            var (one, two) = (Of(128), Of(256));
            var (single, doubled) = (TimeSpan.Zero, TimeSpan.Zero);
            // Noise only ever makes it slower, and a machine that is busy now may not be the next time.
            for (var tries = 0; tries < 6; tries++)
            {
                (single, doubled) = (Least(parser, one), Least(parser, two));
                if (doubled < TimeSpan.FromMilliseconds(20) || doubled < single * Growth)
                    break;
            }
            Assert.True(doubled < TimeSpan.FromMilliseconds(20) || doubled < single * Growth, $"Expected about twice {single} for twice the input; it took {doubled}: {make(24)}");
        }
    }

    private static TimeSpan Least(string parser, byte[] input)
    {
        var least = TimeSpan.MaxValue;
        for (var times = 0; times < 3; times++)
        {
            var started = Stopwatch.GetTimestamp();
            All[parser].Check(input);
            var took = Stopwatch.GetElapsedTime(started);
            least = took < least ? took : least;
        }
        return least;
    }
}
