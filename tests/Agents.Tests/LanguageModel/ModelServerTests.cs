using System.Net.Http.Json;
using System.Text;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;

namespace Flywheel.Agents.Tests.LanguageModel;

/// <summary>The test double is worth what it shares with the real thing: another client of the protocol understands it, whole and streamed.</summary>
public sealed class ModelServerTests : ModelTest
{
    private OpenAIChatCompletionService Chat => new("double", Server.Url, Key);

    [Fact]
    public async Task Server_AskedForAStream_SendsTheSameTextInPieces()
    {
        Server.Says(Two).Says(Two);
        var whole = await Chat.GetChatMessageContentAsync("hello", cancellationToken: Token);
        var streamed = new StringBuilder();
        var pieces = 0;
        await foreach (var piece in Chat.GetStreamingChatMessageContentsAsync("hello", cancellationToken: Token))
        {
            streamed.Append(piece.Content);
            pieces++;
        }

        Assert.Equal(Two, whole.Content);
        Assert.Equal(Two, streamed.ToString());
        Assert.True(pieces > 3, $"{pieces} pieces");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_CallingAFunction_IsAnsweredByTheKernel(bool streamed)
    {
        Server.Calls("scores").Says("done");
        var kernel = new Kernel();
        kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("tools", [KernelFunctionFactory.CreateFromMethod(() => "42", "scores")]));
        var called = new FunctionCallContentBuilder();
        var settings = new OpenAIPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(autoInvoke: false) };

        if (streamed)
        {
            await foreach (var piece in Chat.GetStreamingChatMessageContentsAsync(new ChatHistory("hello"), settings, kernel, Token))
                called.Append(piece);
            Assert.Equal("scores", Assert.Single(called.Build()).FunctionName);
        }
        else
        {
            var message = await Chat.GetChatMessageContentAsync(new ChatHistory("hello"), settings, kernel, Token);
            Assert.Equal("scores", Assert.Single(FunctionCallContent.GetFunctionCalls(message)).FunctionName);
        }
    }

    [Fact]
    public async Task Server_AskedSomethingElse_SaysWhatIsWrong()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(new Uri(Server.Url, "/v1/completions"), new { model = "m" }, Token);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("expected POST /v1/chat/completions", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }
}
