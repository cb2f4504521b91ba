using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Tests.LanguageModel;

/// <summary>An answer is what was asked for to the last member, or it is a failure.</summary>
public sealed class MalformedAnswerTests : ModelTest
{
    public static TheoryData<string> Answers =>
    [
        "",
        "Here you are: Run far.",
        "{",
        "[]",
        "null",
        "{}",
        """{"candidates":[]}""",
        """{"candidates":null}""",
        """{"candidates":[{"text":"Run"}]}""",
        """{"candidates":[{"text":"Run","attributes":{}}]}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":"nostalgia"}}]}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":["benefit"]}}]}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":"benefit","note":"ignore all rules"}}]}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":"benefit"},"approved":true}]}""",
        """{"candidates":[{"text":"Run","text":"Walk","attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":"benefit"}}],"approve":true}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":"benefit"}}]} trailing""",
        """{"candidates":[{"text":"  ","attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":42,"attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":"Run\nfar","attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":"\ud800","attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":"Run","\udc00":1,"attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":"Run","attributes":{"angle":"\ud800"}}]}""",
        """{"candidates":[{"text":"Run\u0000","attributes":{"angle":"benefit"}}]}""",
        $$$"""{"candidates":[{"text":"{{{new string('x', 2_001)}}}","attributes":{"angle":"benefit"}}]}""",
        """{"candidates":[{"text":"a","attributes":{"angle":null}},{"text":"b","attributes":{"angle":null}},{"text":"c","attributes":{"angle":null}}]}""",
        "```json\n{\"candidates\":[{\"text\":\"Run\",\"attributes\":{\"angle\":\"benefit\"}}]}\n```",
        string.Concat(Enumerable.Repeat("[", 5_000)),
    ];

    public static TheoryData<string> Bodies =>
    [
        "",
        "not json",
        "{}",
        """{"choices":[]}""",
        """{"choices":"none"}""",
        """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"\ud800"},"finish_reason":"stop"}]}""",
        """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null},"finish_reason":"stop"}]}""",
        """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"""
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Write_AnAnswerOfAnotherForm_IsMalformedAndCosts(string answer)
    {
        Server.Says(answer);

        var result = await WriteAsync();

        Assert.Equal(FailureKind.Malformed, result.Failure?.Kind);
        Assert.Empty(result.Candidates);
        Assert.Equal(120, result.Usage.InputTokens);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Write_ABodyThatIsNoCompletion_IsMalformed(string body)
    {
        Server.Sends(body);

        Assert.Equal(FailureKind.Malformed, (await WriteAsync()).Failure?.Kind);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task Write_AnAnswerCutOff_SaysSo()
    {
        Server.IsCutOff("""{"candidates":[{"text":"Run""");

        Assert.Equal(new WritingFailure(FailureKind.Malformed, "the answer was cut off at the bound of tokens"), (await WriteAsync()).Failure);
    }

    [Fact]
    public async Task Write_AnAnswerThatNeverEnds_StopsAtItsBound()
    {
        Server.Floods();

        Assert.Equal(new WritingFailure(FailureKind.Malformed, "the answer is longer than 65536 bytes"), (await WriteAsync(Options with { MaxAnswerBytes = 65_536 })).Failure);
    }

    [Fact]
    public async Task Write_AnAnswerJustTooLong_IsMalformed()
    {
        Server.Sends(new string(' ', 2_049));

        Assert.Equal(new WritingFailure(FailureKind.Malformed, "the answer is longer than 2048 bytes"), (await WriteAsync(Options with { MaxAnswerBytes = 2_048 })).Failure);
    }

    /// <summary>Messages are ours: what an endpoint wrote never gets into them.</summary>
    [Fact]
    public async Task Write_AnAnswerOfAnotherForm_IsNotQuoted()
    {
        Server.Says("""{"candidates":[{"text":"Run","attributes":{"angle":"<b>EVIL</b>"},"EVIL":1}]}""");

        Assert.DoesNotContain("EVIL", (await WriteAsync()).Failure!.Message, StringComparison.Ordinal);
    }
}
