using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Messaging;

public sealed class EditTests(Engine engine) : EngineTest(engine)
{
    public override async ValueTask InitializeAsync()
    {
        await PutAsync(Description.Documents.Everything);
        (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).Expect(202);
        await Eventually.ReadsAsync(ProposalAsync, proposal => proposal is not null, "a proposal");
    }

    [Fact]
    public async Task Edit_Pending_IsServedOnceApproved()
    {
        var edited = (await EditAsync("""{"content":{"text":"Run like new"},"attributes":{"angle":"benefit"},"comment":"shorter"}""")).Expect(200).Json;

        Assert.Equal(("pending", "person"), (Text(edited, "status"), Text(edited, "writer")));
        Assert.Equal("Run like new", Text(edited["module"]!["content"]!, "text"));
        var entry = (await Api.GetAsync($"{Path}/history?kind=edited")).Expect(200).Json["entries"]!.AsArray().Single()!;
        Assert.Equal(("shorter", "Run like new"), (Text(entry, "comment"), Text(entry["content"]!, "text")));
        (await Api.PostAsync($"{Path}/proposals/p-1/approve", "")).Expect(200);
        var modules = (await Api.GetAsync(Path)).Expect(200).Json["slots"]![0]!["modules"]!.AsArray();
        Assert.Equal("Run like new", Text(modules[^1]!["content"]!, "text"));
        (await EditAsync("""{"content":{"text":"Run as new"}}""")).ExpectProblem(409);
    }

    [Theory]
    [InlineData("""{"content":{"text":""}}""", "content.text")]
    [InlineData("""{"content":{"url":"x"}}""", "content.text")]
    [InlineData("""{"content":5}""", "content")]
    [InlineData("""{"attributes":{"angle":5},"content":{"text":"Run like new"}}""", "attributes.angle")]
    [InlineData("""{"content":{"text":"Run like new"},"more":1}""", "more")]
    [InlineData("{}", "content")]
    [InlineData("""{"content":{"text":"Comfort guaranteed"}}""", "content")]
    public async Task Edit_BadContent_SaysWhatWouldBeRightAndChangesNothing(string body, string field)
    {
        var before = await ProposalAsync();

        (await EditAsync(body)).ExpectFieldError(field, 422);

        Assert.Equal(before!.ToJsonString(), (await ProposalAsync())!.ToJsonString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"content":{"text":"Run like new"},"content":{"text":"Run as new"}}""")]
    [InlineData("""{"content":{"text":"Run like new","more":[[[[[[[[[[[0]]]]]]]]]]]}}""")]
    [InlineData("""{"content":{"text":"Run like new","text":"Run as new"}}""")]
    [InlineData("""{"content":{"text":"Run like new"},"comment":"a","comment":"b"}""")]
    public async Task Edit_NoDocument_Is400AsElsewhere(string body)
    {
        (await EditAsync(body)).ExpectFieldError("");

        Assert.Equal(1, (await ProposalAsync())!["revision"]!.GetValue<int>());
    }

    [Fact]
    public async Task Approve_ARevisionThatWasRewritten_Is409UntilItIsReadAgain()
    {
        Assert.Equal(1, (await ProposalAsync())!["revision"]!.GetValue<int>());
        Assert.Equal(2, (await EditAsync("""{"content":{"text":"Run like new"}}""")).Expect(200).Json["revision"]!.GetValue<int>());

        Assert.Contains("revision: came 1; expected 2", Text((await Api.PostAsync($"{Path}/proposals/p-1/approve", """{"revision":1}""")).ExpectProblem(409), "detail"));
        Assert.Equal(2, await ServedAsync());

        Assert.Equal("live", Text((await Api.PostAsync($"{Path}/proposals/p-1/approve", """{"revision":2,"comment":"good"}""")).Expect(200).Json, "status"));
    }

    [Theory]
    [InlineData("approve", """{"comment":"a","comment":"b"}""", "")]
    [InlineData("approve", """{"revision":1,"revision":2}""", "")]
    [InlineData("approve", """{"revision":0}""", "revision")]
    [InlineData("approve", """{"revision":"1"}""", "revision")]
    [InlineData("reject", """{"revision":1}""", "")]
    [InlineData("reject", """{"comment":"a","comment":"b"}""", "")]
    [InlineData("revise", """{"comment":"a","comment":"b"}""", "")]
    public async Task Decide_WithABodyThatWillNotDo_SaysWhatWouldBeRightAndDecidesNothing(string verb, string body, string field)
    {
        (await Api.PostAsync($"{Path}/proposals/p-1/{verb}", body)).ExpectFieldError(field);

        Assert.Equal("pending", Text((await ProposalAsync())!, "status"));
    }

    [Fact]
    public async Task Edit_LongerThanTheSlotAllows_SaysWhatWouldBeRight() =>
        (await EditAsync($$$"""{"content":{"text":"{{{new string('x', 91)}}}"}}""")).ExpectFieldError("content.text", 422);

    [Fact]
    public async Task Edit_UnknownProposal_Is404() => (await Api.PostAsync($"{Path}/proposals/p-9/edit", """{"content":{"text":"Run like new"}}""")).ExpectProblem(404);

    [Fact]
    public async Task Undo_ApprovalAndRejection_TakesThemBack()
    {
        (await Api.PostAsync($"{Path}/proposals/p-1/reject", "")).Expect(200);
        Assert.Equal("pending", Text((await Api.PostAsync($"{Path}/proposals/p-1/undo", "")).Expect(200).Json, "status"));
        (await Api.PostAsync($"{Path}/proposals/p-1/approve", "")).Expect(200);
        Assert.Equal(3, await ServedAsync());

        var undone = (await Api.PostAsync($"{Path}/proposals/p-1/undo", """{"comment":"too soon"}""")).Expect(200).Json;

        Assert.Equal(("retired", "too soon"), (Text(undone, "status"), Text(undone["outcome"]!, "why")));
        Assert.Equal(2, await ServedAsync());
        (await Api.PostAsync($"{Path}/proposals/p-1/undo", "")).ExpectProblem(409);
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private Task<Answer> EditAsync(string body) => Api.PostAsync($"{Path}/proposals/p-1/edit", body);

    private async Task<JsonNode?> ProposalAsync() => (await Api.GetAsync($"{Path}/proposals")).Expect(200).Json["proposals"]!.AsArray().FirstOrDefault();

    private async Task<int> ServedAsync() => (await Api.GetAsync(Path)).Expect(200).Json["slots"]![0]!["modules"]!.AsArray().Count;
}
