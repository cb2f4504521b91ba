using System.Net;
using System.Text.Json.Nodes;

namespace Flywheel.Client.Tests.Decisions;

public sealed class DecideTests : ClientTest
{
    private const string Answer = """
        {"decisionId":"d1","campaign":"spring","segment":"young-urban","policyVersion":42,"policyAgeMs":210,"reason":"learned",
         "propensity":0.31,"variant":{"headline":{"module":"h2","version":1,"content":{"text":"Hello","price":49}}}}
        """;

    [Fact]
    public async Task DecideAsync_Live_ReturnsTheDecision()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.OK, Answer);
        var request = new DecisionRequest("spring") { Context = new JsonObject { ["age"] = 24 }, Unit = "user-1" };

        var decision = await client.DecideAsync(request, TestContext.Current.CancellationToken);

        Assert.NotNull(decision);
        Assert.Equal(("d1", "learned", 0.31, 42), (decision.DecisionId, decision.Reason, decision.Propensity, decision.PolicyVersion));
        Assert.Equal("Hello", decision.Variant["headline"].Content["text"]);
        Assert.Equal("49", decision.Variant["headline"].Content["price"]);
        Assert.Equal("""{"campaign":"spring","context":{"age":24},"unit":"user-1"}""", (await Engine.NextRequestAsync()).Body);
    }

    [Fact]
    public async Task DecideAsync_NotLive_ReturnsNull()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.NoContent);

        Assert.Null(await client.DecideAsync(new DecisionRequest("spring"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DecideAsync_Problem_ThrowsWhatTheEngineSaid()
    {
        var client = Client();
        Engine.Answers(
            HttpStatusCode.BadRequest,
            """{"title":"Bad Request","detail":"1 field is wrong","errors":{"campaign":["came 7; expected text"]}}""");

        var failure = await Assert.ThrowsAsync<FlywheelException>(
            () => client.DecideAsync(new DecisionRequest("spring"), TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode.BadRequest, "Bad Request", "1 field is wrong"), (failure.Status, failure.Title, failure.Detail));
        Assert.Equal(["came 7; expected text"], failure.Errors["campaign"]);
        Assert.Equal("400: 1 field is wrong; campaign: came 7; expected text", failure.Message);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    public async Task DecideAsync_AnswerOfAProxy_ThrowsWithItsStatus(HttpStatusCode status, string body)
    {
        var client = Client();
        Engine.Answers(status, body);

        var failure = await Assert.ThrowsAsync<FlywheelException>(
            () => client.DecideAsync(new DecisionRequest("spring"), TestContext.Current.CancellationToken));

        Assert.Equal(status, failure.Status);
    }

    [Fact]
    public async Task DecideAsync_Unreachable_ThrowsWithoutStatus()
    {
        var client = Client();
        Engine.CannotBeReached();

        var failure = await Assert.ThrowsAsync<FlywheelException>(
            () => client.DecideAsync(new DecisionRequest("spring"), TestContext.Current.CancellationToken));

        Assert.Null(failure.Status);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task DecideManyAsync_SomeUndecided_ReturnsOneResultEach()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.OK, $$"""{"decisions":[{"status":404,"detail":"no campaign x"},{{Answer}},{"status":204}]}""");

        var results = await client.DecideManyAsync(
            [new DecisionRequest("x"), new DecisionRequest("spring"), new DecisionRequest("paused")], TestContext.Current.CancellationToken);

        Assert.Equal([404, 200, 204], results.Select(result => result.Status));
        Assert.Equal([false, true, false], results.Select(result => result.IsDecided));
        Assert.Equal("no campaign x", results[0].Detail);
        Assert.Equal("d1", results[1].Decision?.DecisionId);
    }

    [Fact]
    public async Task DecideManyAsync_MoreThanTheLimit_Throws()
    {
        var client = Client();
        var requests = Enumerable.Repeat(new DecisionRequest("spring"), FlywheelClient.MaxDecisionsPerRequest + 1).ToList();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => client.DecideManyAsync(requests, TestContext.Current.CancellationToken));
    }
}
