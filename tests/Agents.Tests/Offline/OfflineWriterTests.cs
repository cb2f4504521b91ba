using Flywheel.Agents.Offline;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Scoring;

namespace Flywheel.Agents.Tests.Offline;

public sealed class OfflineWriterTests
{
    private readonly OfflineWriter _writer = new();

    public static TheoryData<string, string> Angles => new()
    {
        { "benefit", "benefit" }, { "curiosité", "curiosité" }, { "proof", "proof" }, { "urgency", "urgency" }, { "question", "question" }, { "communauté", "communauté" },
    };

    [Theory]
    [MemberData(nameof(Angles))]
    public async Task Write_AnAngleIsWanted_GivesThatAngleInTheCampaignsSpelling(string wanted, string written)
    {
        foreach (var request in new[] { Requests.English(3), Requests.French(3) })
        {
            var result = await WriteAsync(request with { Wanted = Requests.Attributes(("angle", wanted)) });

            Assert.Equal(3, result.Candidates.Length);
            Assert.All(result.Candidates, candidate => Assert.Equal(written, candidate.Attributes["angle"]));
            Assert.Null(result.Note);
        }
    }

    [Theory]
    [InlineData("{{7*7}}")]
    [InlineData("${user.name} runs free")]
    [InlineData("<%= name %> loves it")]
    [InlineData("hello [[first_name]]")]
    [InlineData("more at aster.fr")]
    public async Task Write_AClaimThatIsNoPlainText_IsLeftOut(string claim)
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var result = await WriteAsync(Requests.English(5, (ulong)seed) with { Brief = Requests.Shoes with { Claims = [claim, "made in Brittany"] } });

            Assert.NotEmpty(result.Candidates);
            Assert.DoesNotContain(result.TextsOf(), text => text.Contains(claim, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Write_NothingIsWanted_GivesDifferentAngles()
    {
        var result = await WriteAsync(Requests.English());

        Assert.Equal(5, result.Candidates.Length);
        Assert.Equal(5, result.Candidates.Select(candidate => candidate.Attributes["angle"]).Distinct().Count());
    }

    [Fact]
    public async Task Write_ProofIsWantedWithoutClaims_SaysThatItIsNotThere()
    {
        var request = Requests.English() with { Brief = new Brief { Brand = "Aster" }, Wanted = Requests.Attributes(("angle", "proof")) };

        var result = await WriteAsync(request);

        Assert.Equal(5, result.Candidates.Length);
        Assert.DoesNotContain(result.Candidates, candidate => candidate.Attributes["angle"] == "proof");
        Assert.Contains("wanted", result.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AnUnknownAngleIsWanted_NamesIt()
    {
        var result = await WriteAsync(Requests.English() with { Wanted = Requests.Attributes(("angle", "nostalgia")) });

        Assert.Contains("angle \"nostalgia\"", result.Note, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Candidates, candidate => candidate.Attributes["angle"] == "nostalgia");
    }

    [Fact]
    public async Task Write_AnAttributeResonates_ComesFirst()
    {
        foreach (var angle in new[] { "community", "urgency", "proof" })
        {
            var firsts = new List<string>();
            for (var seed = 0UL; seed < 20; seed++)
            {
                var request = Requests.English(1, seed) with { Resonating = [new AttributeResonance("angle", angle, new Interval(150, 120, 190), 9_000)] };
                firsts.Add((await WriteAsync(request)).Candidates[0].Attributes["angle"]);
            }
            Assert.True(firsts.Count(first => first == angle) >= 16, $"{angle}: {string.Join(' ', firsts)}");
        }
    }

    [Fact]
    public async Task Write_AModuleHasFaded_LeavesItsAngle()
    {
        var request = Requests.English() with { Reason = WritingReason.Faded, Replaces = "h1" };

        var result = await WriteAsync(request);

        Assert.DoesNotContain(result.Candidates, candidate => candidate.Attributes["angle"] == "benefit");
    }

    [Theory]
    [InlineData("image", "holds no text (kind image)")]
    [InlineData("video", "holds no text (kind video)")]
    public async Task Write_ASlotWithoutText_GivesNoneAndSaysWhy(string kind, string why)
    {
        var slot = new Slot { Id = "visual", Kind = kind, Modules = [new Module { Id = "i1", Content = Requests.Content(new { url = "https://example.com/a.jpg" }) }] };

        var result = await WriteAsync(Requests.English() with { Slot = slot });

        Assert.Empty(result.Candidates);
        Assert.Contains(why, result.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AKindOfTheCallersOwnWithText_IsWritten() =>
        Assert.Equal(5, (await WriteAsync(Requests.English() with { Slot = Requests.Headline(kind: "claim") })).Candidates.Length);

    [Theory]
    [InlineData(MessageLanguage.English)]
    [InlineData(MessageLanguage.French)]
    public async Task Write_WithoutABrief_StillGivesAFewTexts(MessageLanguage language)
    {
        var result = await WriteAsync(new WritingRequest { Slot = Requests.Headline(), Language = language });

        Assert.Equal(3, result.Candidates.Length);
    }

    [Fact]
    public async Task Write_MoreMustBeSaidThanFits_SaysSo()
    {
        var request = Requests.English() with { Brief = Requests.Shoes with { MustSay = ["Terms and conditions apply."] }, Slot = Requests.Headline(20) };

        var result = await WriteAsync(request);

        Assert.Empty(result.Candidates);
        Assert.Equal("mustSay alone takes 27 characters; the slot's maxLength is 20", result.Note);
    }

    [Fact]
    public async Task Write_MustSayHoldsWhatNeverSayForbids_SaysSo()
    {
        var result = await WriteAsync(Requests.French() with { Brief = Requests.Chaussures with { MustSay = ["Qualité garantie"] } });

        Assert.Empty(result.Candidates);
        Assert.Contains("\"garanti\"", result.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ABriefInAnotherLanguage_LeavesItsClaimsAlone()
    {
        var result = await WriteAsync(Requests.English(8) with { Brief = Requests.Chaussures });

        Assert.Equal(8, result.Candidates.Length);
        Assert.All(result.TextsOf(), text => Assert.DoesNotContain("Bretagne", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_AButton_GivesShortCallsForTheObjective()
    {
        var slot = new Slot { Id = "cta", Kind = "text", MaxLength = 24, Modules = [Requests.Text("c1", "Shop now")] };

        var english = await WriteAsync(Requests.English(3) with { Slot = slot });
        var french = await WriteAsync(Requests.French(3) with { Slot = slot });

        Assert.Contains("Choose yours", english.TextsOf());
        Assert.Contains("Faites votre choix", french.TextsOf());
    }

    [Fact]
    public async Task Write_ModulesShareOtherMembers_KeepsThem()
    {
        var slot = new Slot
        {
            Id = "headline",
            Kind = "text",
            Modules =
            [
                new Module { Id = "h1", Content = Requests.Content(new { text = "Run lighter", href = "/shoes", style = "bold" }) },
                new Module { Id = "h2", Content = Requests.Content(new { text = "Walk lighter", href = "/shoes", style = "thin" }) },
            ],
        };

        var result = await WriteAsync(Requests.English(1) with { Slot = slot });

        Assert.Equal(Requests.Content(new { text = result.TextsOf()[0], href = "/shoes" }), result.Candidates[0].Content);
    }

    [Fact]
    public async Task Write_APersonAsksForShorterTexts_GivesShorterOnes()
    {
        var before = await WriteAsync(Requests.English(8));
        var after = await WriteAsync(Requests.English(8) with { Reason = WritingReason.Revision, Comment = "Shorter, please" });

        Assert.True(after.TextsOf().Average(text => text.Length) < before.TextsOf().Average(text => text.Length));
        Assert.Null(after.Note);
    }

    [Fact]
    public async Task Write_ACommentThatItDoesNotUnderstand_SaysSo() =>
        Assert.Contains("comment", (await WriteAsync(Requests.English() with { Comment = "More zebra" })).Note, StringComparison.Ordinal);

    [Theory]
    [InlineData("tutoiement", "Run lighter", true)]
    [InlineData("warm", "Cours plus léger, tes genoux te diront merci", true)]
    [InlineData("formel", "Cours plus léger, tes genoux te diront merci", false)]
    [InlineData("warm", "Courez plus léger", false)]
    public async Task Write_French_SpeaksToItsReaderAsTheToneOrTheModulesDo(string tone, string module, bool tu)
    {
        var request = Requests.French(8) with
        {
            Brief = Requests.Chaussures with { Tone = [tone] },
            Slot = Requests.Headline() with { Modules = [Requests.Text("h1", module)] },
        };

        var words = (await WriteAsync(request)).TextsOf().SelectMany(text => Folding.Words(text).Split(' ')).ToArray();

        Assert.NotEmpty(words.Intersect(tu ? ["tu", "te", "toi", "t"] : ["vous", "votre"]));
        Assert.Empty(words.Intersect(tu ? ["vous", "votre"] : ["tu", "te", "toi", "t"]));
    }

    [Fact]
    public async Task Write_French_SetsNarrowSpacesOfItsOwnAndLeavesTheBriefsWords()
    {
        var brief = Requests.Chaussures with { Claims = ["un prix : 20 €"], Tone = [] };

        var texts = new List<string>();
        for (var seed = 0UL; seed < 20; seed++)
            texts.AddRange((await WriteAsync(Requests.French(8, seed) with { Brief = brief })).TextsOf());

        Assert.Contains(texts, text => text.Contains("rix : 20 €", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains('?', StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotMatch("[^\u202F][?!:;]", text.Replace("rix : 20 €", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Write_Cancelled_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _writer.WriteAsync(Requests.English(), new CancellationToken(true)));

    private Task<WritingResult> WriteAsync(WritingRequest request) => _writer.WriteAsync(request, TestContext.Current.CancellationToken);
}
