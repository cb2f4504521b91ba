using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

public sealed class GuardrailsTests
{
    /// <summary>Bytes that one check of 2,000 hostile characters may allocate; the most that was measured is a quarter of it.</summary>
    private const long MostAllocated = 64_000_000;

    private static readonly Gen<Finding> AnyFinding = Gen.Select(Gen.OneOf("length", "claims", "tone"), Gen.Enum<FindingSeverity>(), Gen.OneOf("a", "b", "c"))
        .Select((rule, severity, text) => new Finding(rule, severity, text));

    private static readonly Gen<ImmutableArray<Finding>> AnyFindings = AnyFinding.Array[0, 6].Select(findings => findings.DistinctBy(finding => (finding.Rule, finding.Text)).ToImmutableArray());

    [Fact]
    public void Rules_OfTheEngine_AreTheDocumentedOnes() =>
        Assert.Equal(["length", "characters", "markup", "image", "must-say", "never-say", "claims", "language", "duplicate", "readability"], Guardrails.Rules);

    [Fact]
    public void Finding_AsJson_IsTheContractsShape()
    {
        const string Json = """{"rule":"length","severity":"info","text":"content.text: 11 of 90 characters"}""";
        var finding = Assert.Single(Guardrails.Check(new Candidate { Slot = Drafts.Headline with { MaxLength = 90 }, Content = Drafts.Saying("Run lighter") }, null, [], []));

        Assert.Equal(Json, JsonSerializer.Serialize(finding, JsonSerializerOptions.Web));
        Assert.Equal(finding, JsonSerializer.Deserialize<Finding>(Json, JsonSerializerOptions.Web));
    }

    [Theory]
    [InlineData(FindingSeverity.Info, "\"info\"")]
    [InlineData(FindingSeverity.Warning, "\"warning\"")]
    [InlineData(FindingSeverity.Block, "\"block\"")]
    public void Severity_AsJson_IsItsNameInLowerCase(FindingSeverity severity, string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(severity));
        Assert.Equal(severity, JsonSerializer.Deserialize<FindingSeverity>(json));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("\"grave\"")]
    public void Severity_OfAnythingElse_IsRefused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<FindingSeverity>(json));

    [Fact]
    public void Blocks_OfFindings_NeedsOneThatBlocks()
    {
        Assert.False(Guardrails.Blocks([]));
        Assert.False(Guardrails.Blocks([new Finding("length", FindingSeverity.Info, "a"), new Finding("claims", FindingSeverity.Warning, "b")]));
        Assert.True(Guardrails.Blocks([new Finding("length", FindingSeverity.Info, "a"), new Finding("claims", FindingSeverity.Block, "b")]));
    }

    [Fact]
    public void Tighten_ByAnyReview_NeverLoosens() => Gen.Select(AnyFindings, AnyFinding.Array[0, 8]).ForAll(2_000, (Action<(ImmutableArray<Finding> Findings, Finding[] Review)>)(pair =>
    {
        var tightened = Guardrails.Tighten(pair.Findings, pair.Review);

        Assert.All(pair.Findings, finding => Assert.Contains(tightened, kept => kept.Rule == finding.Rule && kept.Text == finding.Text && kept.Severity >= finding.Severity));
        Assert.Equal(Guardrails.Blocks(pair.Findings) || Guardrails.Blocks([.. pair.Review]), Guardrails.Blocks(tightened));
        Assert.Equal(tightened, Guardrails.Tighten(tightened, pair.Review));
        Assert.Equal(pair.Findings, Guardrails.Tighten(pair.Findings, []));
    }));

    [Fact]
    public void Tighten_ByTheSameFindingGraver_RaisesItInItsPlace() => Assert.Equal(
        [new Finding("claims", FindingSeverity.Block, "a"), new Finding("length", FindingSeverity.Info, "b"), new Finding("tone", FindingSeverity.Warning, "c")],
        Guardrails.Tighten(
            [new Finding("claims", FindingSeverity.Warning, "a"), new Finding("length", FindingSeverity.Info, "b")],
            [new Finding("tone", FindingSeverity.Warning, "c"), new Finding("claims", FindingSeverity.Block, "a")]));

    [Fact]
    public void Tighten_ByMoreThanAReviewMayHold_KeepsTheGravest()
    {
        var review = Enumerable.Range(0, 1_000).Select(i => new Finding("tone", i == 999 ? FindingSeverity.Block : FindingSeverity.Info, $"{i}"));

        var tightened = Guardrails.Tighten([], review);

        Assert.Equal(Guardrails.MostReviewFindings, tightened.Length);
        Assert.True(Guardrails.Blocks(tightened));
    }

    [Fact]
    public void Check_ContentBeyondTheLimit_IsBlockedForThat() => Assert.Equal(
        [new Finding("length", FindingSeverity.Block, "content: 8193 bytes; at most 8192")],
        Drafts.Check(Drafts.Headline, Drafts.Saying(new string('x', 8_182))));

    [Fact]
    public void Check_ContentTooDeep_IsBlockedForThat()
    {
        var json = $"{{\"text\":\"x\",\"a\":{new string('[', 100)}{new string(']', 100)}}}";
        var content = ModuleContent.From(JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 }).RootElement);

        Assert.Equal("content: objects and arrays too deep in each other; at most 64 levels", Assert.Single(Drafts.Check(Drafts.Headline, content)).Text);
    }

    [Theory]
    [InlineData("""{"text":"Run lighter","more":{"items":["fine","<b>bold</b>"]}}""", "markup", "content.more.items[1]")]
    [InlineData("""{"text":"Run lighter","text":"guaranteed"}""", "never-say", "content.text")]
    [InlineData("""{"text":"Run lighter","<script>":1}""", "markup", "content (a member's name)")]
    [InlineData("""{"text":"Run lighter","discount":50}""", "claims", "content.discount")]
    [InlineData("""{"text":"Run lighter","alt":"guaranteed results"}""", "never-say", "content.alt")]
    public void Check_WhatIsWrongAnywhereInTheContent_IsFoundThere(string content, string rule, string field)
    {
        var findings = Drafts.Check(Drafts.Headline, Drafts.Content(content), new Brief { NeverSay = ["guaranteed"] });

        Assert.Contains(findings, finding => finding.Rule == rule && finding.Severity == FindingSeverity.Block && finding.Text.StartsWith($"{field}: ", StringComparison.Ordinal));
    }

    /// <summary>Nobody buries what blocks under what is merely worth knowing.</summary>
    [Fact]
    public void Check_AGraveFindingAfterManyMildOnes_IsKept()
    {
        var members = string.Join(",", Enumerable.Range(0, 40).Select(i => $"\"m{i:D2}\":\"Short text\""));
        var content = Drafts.Content($"{{\"text\":\"Run lighter\",{members},\"last\":\"What your knees wish you knew about the road\"}}");

        Drafts.Check(Drafts.Headline, content, Drafts.French).AssertBlocked("language", "the last member is English");
    }

    [Theory]
    [InlineData("angle", "<img src=x>", "markup")]
    [InlineData("angle", "bene\u200Bfit", "characters")]
    [InlineData("an\u202Egle", "benefit", "characters")]
    public void Check_Attributes_AreHeldToPlainText(string name, string value, string rule)
    {
        var candidate = new Candidate { Slot = Drafts.Headline, Content = Drafts.Saying("Run lighter"), Attributes = ImmutableSortedDictionary<string, string>.Empty.Add(name, value) };

        Guardrails.Check(candidate, null, [], []).AssertBlocked(rule, value);
    }

    [Fact]
    public void Check_ACandidateWithManyFaults_NamesEachRule()
    {
        var brief = new Brief { Language = "fr", NeverSay = ["guaranteed"], MustSay = ["Aster"] };
        var findings = Guardrails.Check(
            new Candidate { Slot = Drafts.Headline with { MaxLength = 40 }, Content = Drafts.Saying("<b>The best results are guaranteed for all of you</b> at www.example.com!!!!\u200B") },
            brief,
            [],
            []);

        Assert.Equal(
            ["characters", "claims", "language", "length", "markup", "must-say", "never-say"],
            findings.Where(finding => finding.Severity == FindingSeverity.Block).Select(finding => finding.Rule).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(findings, finding => finding is { Rule: "readability", Severity: FindingSeverity.Warning });
    }

    [Fact]
    public void Check_AnyText_NeverThrows() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["<>&*_#[]()/.:@%$€0123456789 aeioulng'’-\u0301\u200B\u202E\uFE0F\u200D"], 0, 60], Gen.Int[0, 0x10FFFF].Where(value => value is < 0xD800 or > 0xDFFF).Array[0, 30].Select(values => string.Concat(values.Select(char.ConvertFromUtf32))))
        .Where(text => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD))
        .ForAll(3_000, text => Assert.NotNull((object)Drafts.Check(text, new Brief { Language = "fr", NeverSay = ["gratuit", "free shipping"], Claims = ["30 days"] }).ToArray()));

    public static TheoryData<string> Hostile => new()
    {
        new string('a', 2_000),
        string.Concat(Enumerable.Repeat("a ", 1_000)),
        string.Concat(Enumerable.Repeat("1 ", 1_000)),
        string.Concat(Enumerable.Repeat("a*", 1_000)),
        string.Concat(Enumerable.Repeat("4@", 1_000)),
        string.Concat(Enumerable.Repeat("the most ", 222)),
        string.Concat(Enumerable.Repeat("1,000.", 333)),
        string.Concat(Enumerable.Repeat("a.b/", 500)),
        string.Concat(Enumerable.Repeat("[(*_<&", 333)),
        string.Concat(Enumerable.Repeat("quatre vingt ", 153)),
        "e" + new string('\u0301', 1_999),
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Check_TwoThousandHostileCharactersAgainstAFullBrief_StaysWithinItsBound(string text)
    {
        var items = Enumerable.Range(0, Limits.BriefItems).Select(i => $"{new string('a', 20 + i)} aaaa b{i}").ToImmutableArray();
        var brief = new Brief { Language = "fr", NeverSay = items, MustSay = items, Claims = items };
        var rejected = Enumerable.Range(0, Limits.ModulesPerSlot).Select(i => Drafts.Saying($"{text[..^1]}{i}")).ToImmutableArray();
        var candidate = new Candidate { Slot = Drafts.Headline, Content = Drafts.Saying(text) };
        Guardrails.Check(candidate, brief, [], rejected);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var findings = Guardrails.Check(candidate, brief, [], rejected);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, MostAllocated);
        Assert.All(findings.GroupBy(finding => finding.Rule), rule => Assert.InRange(rule.Count(), 1, 16));
        Assert.True(Guardrails.Blocks(findings));
    }
}
