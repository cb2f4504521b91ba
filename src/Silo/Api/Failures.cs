using Flywheel.Signals;
using Microsoft.AspNetCore.Diagnostics;
using StackExchange.Redis;

namespace Flywheel.Silo.Api;

/// <summary>Turns what handlers throw into problem documents. What the caller did wrong is told to the caller and not logged.</summary>
internal static class Failures
{
    public static void UseFailures(this IApplicationBuilder app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = AnswerAsync,
        SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException || IsAway(failure.Exception),
    });

    /// <summary>The store, or the silo that a grain is on, cannot be reached now: nothing is wrong with the engine, and metrics and readiness say it.</summary>
    public static bool IsAway(Exception e) => e is StoreUnavailableException or TimeoutException or OrleansException or RedisException;

    private static Task AnswerAsync(HttpContext context)
    {
        var problem = context.Features.Get<IExceptionHandlerFeature>()!.Error switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } e => Problem.TooLarge(e.Message),
            BadHttpRequestException e => Results.Problem(statusCode: e.StatusCode, title: "The request is not valid.", detail: e.Message),
            var e when IsAway(e) => Problem.StoreAway(context),
            _ => Results.Problem(statusCode: StatusCodes.Status500InternalServerError, title: "The engine failed.", detail: "This is a defect of the engine; its log says more."),
        };
        // What was set before the failure is gone.
        SecurityHeaders.AddTo(context);
        return problem.ExecuteAsync(context);
    }
}
