using System.Globalization;
using System.Net;
using Flywheel.Agents.Writing;
using Microsoft.SemanticKernel;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// Tells failures apart by what the layers below throw. Messages are ours: those of exceptions quote answers, and an answer may quote the key.
/// </summary>
internal static class CallFailures
{
    private const int MaxDepth = 8;

    public static ModelCallException Of(Exception thrown)
    {
        var exception = thrown;
        for (var depth = 0; depth < MaxDepth && exception is not null; depth++, exception = exception.InnerException)
        {
            if (Known(exception) is { } known)
                return known;
        }
        return new ModelCallException(FailureKind.Malformed, "the answer is no chat completion");
    }

    private static ModelCallException? Known(Exception exception) => exception switch
    {
        ModelCallException call => call,
        TimeoutRejectedException => new ModelCallException(FailureKind.Timeout, "the endpoint did not give a whole answer in time"),
        BrokenCircuitException => new ModelCallException(FailureKind.BrokenCircuit, "the endpoint has failed too often of late; nothing is sent until it had time to recover"),
        HttpOperationException { StatusCode: { } status } => OfStatus(status),
        HttpRequestException { StatusCode: { } status } => OfStatus(status),
        HttpRequestException => new ModelCallException(FailureKind.Unreachable, "the endpoint cannot be reached, or hung up"),
        _ => null,
    };

    private static ModelCallException OfStatus(HttpStatusCode status) => new(
        status switch
        {
            HttpStatusCode.RequestTimeout => FailureKind.Timeout,
            HttpStatusCode.TooManyRequests => FailureKind.RateLimited,
            >= HttpStatusCode.InternalServerError => FailureKind.Unreachable,
            _ => FailureKind.Refused,
        },
        string.Create(CultureInfo.InvariantCulture, $"the endpoint answered HTTP {(int)status}"));
}
