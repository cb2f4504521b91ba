using Flywheel.Agents.Offline;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Tests.LanguageModel;

public sealed class FallbackWriterTests : ModelTest
{
    [Fact]
    public async Task Write_TheModelAnswers_IsTheModels()
    {
        Server.Says(Two);

        var result = await new FallbackWriter(Writer(), new OfflineWriter()).WriteAsync(Requests.English(2), Token);

        Assert.Equal((WriterKind.Model, null), (result.Writer, result.InsteadOfModel));
        Assert.Equal(["Miles feel shorter", "Who ties your laces?"], result.TextsOf());
    }

    [Fact]
    public async Task Write_TheModelFails_IsTheOfflineWritersAndSaysWhy()
    {
        Server.Fails(503);
        var offline = await new OfflineWriter().WriteAsync(Requests.English(2), Token);

        var result = await new FallbackWriter(Writer(), new OfflineWriter()).WriteAsync(Requests.English(2), Token);

        Assert.Equal((WriterKind.Offline, null), (result.Writer, result.Failure));
        Assert.Equal(offline.TextsOf(), result.TextsOf());
        Assert.Equal(new WritingFailure(FailureKind.Unreachable, "the endpoint answered HTTP 503"), result.InsteadOfModel);
        Assert.Equal("the model failed: the endpoint answered HTTP 503", result.Note);
    }

    [Fact]
    public async Task Write_TheModelFailsAfterItUsedTokens_CountsThem()
    {
        Server.Says("no JSON at all", input: 1_000, output: 50);

        var result = await new FallbackWriter(Writer(), new OfflineWriter()).WriteAsync(Requests.English(2), Token);

        Assert.Equal((WriterKind.Offline, FailureKind.Malformed), (result.Writer, result.InsteadOfModel?.Kind));
        Assert.Equal(new WritingUsage(1_000, 50, 1_000 * 2 + 50 * 8), result.Usage);
    }

    [Fact]
    public async Task Write_NeitherHasAnything_SaysBoth()
    {
        Server.Fails(500);
        var request = Requests.English(2) with { Brief = Requests.Shoes with { MustSay = [new string('x', 91)] } };

        var result = await new FallbackWriter(Writer(), new OfflineWriter()).WriteAsync(request, Token);

        Assert.Empty(result.Candidates);
        Assert.Equal("the model failed: the endpoint answered HTTP 500; mustSay alone takes 91 characters; the slot's maxLength is 90", result.Note);
    }

    [Fact]
    public async Task Write_TheModelHasNothingNew_IsNoFailure()
    {
        Server.Says(Candidates(("Run lighter", "benefit")));

        var result = await new FallbackWriter(Writer(), new OfflineWriter()).WriteAsync(Requests.English(1), Token);

        Assert.Equal((WriterKind.Model, null), (result.Writer, result.InsteadOfModel));
        Assert.Empty(result.Candidates);
    }

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(3, 40_000)]
    public void MostUsage_IsWhatItsCallsMayTakeAtItsPrices(int rounds, long tokens)
    {
        var writer = new FallbackWriter(Writer(Options with { MaxToolRounds = rounds, InputTokens = 8_000, MaxAnswerTokens = 2_000 }), new OfflineWriter());

        Assert.Equal(tokens, writer.MostUsage.InputTokens + writer.MostUsage.OutputTokens);
        Assert.Equal(tokens / 10_000 * (8_000 * 2 + 2_000 * 8), writer.MostUsage.CostMicros);
    }
}
