using Flywheel.Signals;
using Microsoft.AspNetCore.Diagnostics;

namespace Flywheel.Silo.Api;

/// <summary>Turns what handlers throw into problem documents. What the caller did wrong is told to the caller and not logged.</summary>
internal static class Failures
{
    public static void UseFailures(this IApplicationBuilder app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = AnswerAsync,
        SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException,
    });

    private static Task AnswerAsync(HttpContext context)
    {
        var problem = context.Features.Get<IExceptionHandlerFeature>()!.Error switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } e => Problem.TooLarge(e.Message),
            BadHttpRequestException e => Results.Problem(statusCode: e.StatusCode, title: "The request is not valid.", detail: e.Message),
            StoreUnavailableException or TimeoutException => Problem.StoreAway(context),
            _ => Results.Problem(statusCode: StatusCodes.Status500InternalServerError, title: "The engine failed.", detail: "This is a defect of the engine; its log says more."),
        };
        return problem.ExecuteAsync(context);
    }
}
