using System.Diagnostics;
using System.Globalization;
using System.Net;
using Flywheel.Agents.Writing;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI.Chat;
using Polly;
using Polly.RateLimiting;
using Polly.Timeout;
using ChatMessageContent = Microsoft.SemanticKernel.ChatMessageContent;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// A language model behind an API that speaks OpenAI's chat protocol. Writers and reviewers share one, and with it its connections, its
/// bound of requests and its circuit breaker. Safe for concurrent use.
/// </summary>
public sealed class ModelEndpoint : IDisposable
{
    private const int MaxCallsPerRound = 8;

    private static readonly ActivitySource Source = new("Flywheel.Agents");

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly ModelOptions _options;
    private readonly HttpClient _http;
    private readonly IChatCompletionService _chat;
    private readonly ResiliencePipeline _requests;
    private readonly Kernel _kernel = new();

    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public ModelEndpoint(ModelOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        var clock = time ?? TimeProvider.System;
        _requests = ModelPipelines.ForRequests(options, clock);
        _http = new HttpClient(new ResilienceHandler(ModelPipelines.ForCalls(options, clock)) { InnerHandler = new AnswerGuard(options, Connections(options)) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _chat = new OpenAIChatCompletionService(options.Model, options.Url, options.ApiKey, organization: null, _http, loggerFactory: null);
    }

    /// <summary>The model's name.</summary>
    public string Model => _options.Model;

    /// <summary>
    /// What a request is expected to use at most: each call <see cref="ModelOptions.InputTokens"/> and <see cref="ModelOptions.MaxAnswerTokens"/>, a call
    /// for each round of tools and one for the answer.
    /// </summary>
    internal WritingUsage MostUsage(bool withTools)
    {
        var calls = withTools ? _options.MaxToolRounds + 1 : 1;
        var meter = new UsageMeter(_options.InputPrice, _options.OutputPrice);
        meter.Add((long)calls * _options.InputTokens, (long)calls * _options.MaxAnswerTokens);
        return meter.Usage;
    }

    /// <summary>False where the model is to get all figures with the request.</summary>
    internal bool OffersTools => _options.MaxToolRounds > 0;

    /// <summary>Asks once, answers the model's calls for tools, and returns what it says in the end.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        using var span = Source.StartActivity("chat", ActivityKind.Client);
        var answer = await TryAsync(question, cancellationToken);
        span?.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", _options.Model)
            .SetTag("gen_ai.usage.input_tokens", answer.Usage.InputTokens).SetTag("gen_ai.usage.output_tokens", answer.Usage.OutputTokens);
        if (answer.Failure is { } failure)
            span?.SetTag("error.type", failure.Kind.ToString()).SetStatus(ActivityStatusCode.Error);
        return answer;
    }

    private async Task<ModelAnswer> TryAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        var meter = new UsageMeter(_options.InputPrice, _options.OutputPrice);
        try
        {
            var text = await _requests.ExecuteAsync(async token => await ConverseAsync(question, meter, token), cancellationToken);
            return new ModelAnswer(text, meter.Usage, null);
        }
        catch (ModelCallException e)
        {
            return new ModelAnswer(null, meter.Usage, e.Failure);
        }
        catch (TimeoutRejectedException)
        {
            return new ModelAnswer(null, meter.Usage, new WritingFailure(FailureKind.Timeout, $"no answer within {_options.Timeout}"));
        }
        catch (RateLimiterRejectedException)
        {
            return new ModelAnswer(null, meter.Usage, new WritingFailure(FailureKind.Busy, string.Create(CultureInfo.InvariantCulture, $"{_options.MaxQueued} requests wait already")));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> ConverseAsync(ModelQuestion question, UsageMeter meter, CancellationToken cancellationToken)
    {
        var history = new ChatHistory(question.Rules);
        history.AddUserMessage(question.Data);
        for (var round = 0; round <= _options.MaxToolRounds; round++)
        {
            var mayCall = round < _options.MaxToolRounds && !question.Tools.IsEmpty;
            var message = await SendAsync(history, Settings(question, mayCall), cancellationToken);
            var completion = message.InnerContent as ChatCompletion;
            meter.Add(completion?.Usage, history, message.Content);
            var calls = FunctionCallContent.GetFunctionCalls(message).ToArray();
            if (calls.Length == 0)
                return TextOf(message, completion);
            if (!mayCall || calls.Length > MaxCallsPerRound)
                break;
            history.Add(message);
            foreach (var call in calls)
                history.Add(await AnswerAsync(call, question, cancellationToken));
        }
        throw new ModelCallException(FailureKind.Malformed, string.Create(CultureInfo.InvariantCulture, $"the model asks for tools instead of answering (it may {_options.MaxToolRounds} times, {MaxCallsPerRound} tools at a time)"));
    }

    private async Task<ChatMessageContent> SendAsync(ChatHistory history, OpenAIPromptExecutionSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await _chat.GetChatMessageContentAsync(history, settings, _kernel, cancellationToken);
        }
        catch (Exception e)
        {
            // Layers below dress up a cancellation as a failure of their own.
            cancellationToken.ThrowIfCancellationRequested();
            throw CallFailures.Of(e);
        }
    }

    private OpenAIPromptExecutionSettings Settings(ModelQuestion question, bool mayCall) => new()
    {
        MaxTokens = _options.MaxAnswerTokens,
        ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(question.Name, BinaryData.FromString(question.Schema.ToJsonString()), jsonSchemaIsStrict: true),
        FunctionChoiceBehavior = question.Tools.IsEmpty ? null
            : mayCall ? FunctionChoiceBehavior.Auto(question.Tools, autoInvoke: false)
            : FunctionChoiceBehavior.None(question.Tools),
    };

    /// <summary>What a function says; whatever the model passes to it is left aside.</summary>
    private async Task<ChatMessageContent> AnswerAsync(FunctionCallContent call, ModelQuestion question, CancellationToken cancellationToken)
    {
        var function = question.Tools.FirstOrDefault(tool => tool.Name == call.FunctionName);
        var result = function is null ? "{\"error\":\"no such function\"}" : (await function.InvokeAsync(_kernel, cancellationToken: cancellationToken)).GetValue<string>();
        return new FunctionResultContent(call, result).ToChatMessage();
    }

    private static string TextOf(ChatMessageContent message, ChatCompletion? completion)
    {
        if (completion?.Refusal is not null || completion?.FinishReason == ChatFinishReason.ContentFilter)
            throw new ModelCallException(FailureKind.Refused, "the model refused to answer");
        if (completion?.FinishReason == ChatFinishReason.Length)
            throw new ModelCallException(FailureKind.Malformed, "the answer was cut off at the bound of tokens");
        return message.Content is { Length: > 0 } text ? text : throw new ModelCallException(FailureKind.Malformed, "the answer is empty");
    }

    /// <summary>Connections that go to the endpoint and nowhere else, and carry nothing that is not in the request.</summary>
    private static SocketsHttpHandler Connections(ModelOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !options.Url.IsLoopback,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = options.MaxConcurrent,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
    };
}
