using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Flywheel.Agents.LanguageModel;

/// <summary>How requests to a model wait, are tried again and given up.</summary>
internal static class ModelPipelines
{
    /// <summary>Around a whole request: its time-out, and its turn among others.</summary>
    public static ResiliencePipeline ForRequests(ModelOptions options, TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout })
        .AddConcurrencyLimiter(options.MaxConcurrent, options.MaxQueued)
        .Build();

    /// <summary>Around each call over HTTP: retries, the circuit breaker, the attempt's time-out.</summary>
    public static ResiliencePipeline<HttpResponseMessage> ForCalls(ModelOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.Retries > 0)
            builder.AddRetry(Retries(options, time));
        return builder
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakerCalls,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakDuration,
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();
    }

    private static HttpRetryStrategyOptions Retries(ModelOptions options, TimeProvider time) => new()
    {
        MaxRetryAttempts = options.Retries,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldRetryAfterHeader = false,
        DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, time)),
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is not BrokenCircuitException
            && HttpClientResiliencePredicates.IsTransient(arguments.Outcome)
            && !(RetryAfter(arguments.Outcome.Result, time) > options.MaxRetryAfter)),
    };

    /// <summary>What the endpoint asks for; null where it asks for nothing, and the usual wait applies.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time)
    {
        if (response?.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }
}
