namespace Flywheel.Silo.Api;

/// <summary>
/// Metadata of an endpoint that has its answers counted by their status, whoever gives them: its handler, what stands before it, or what makes an
/// answer of a failure.
/// </summary>
/// <param name="Count">Is told the status of each answer.</param>
internal sealed record CountedAnswers(Action<HttpContext, int> Count)
{
    /// <summary>Whether what was sent is wrong. Who may not send it, or too much of it, is counted as that, and what cannot be done now is no fault.</summary>
    public static bool IsBadInput(int status) => status is >= StatusCodes.Status400BadRequest and < StatusCodes.Status499ClientClosedRequest
        and not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests);

    /// <summary>Stands before all that answers, and counts before the answer leaves. Other endpoints do without its cost.</summary>
    public static void UseIn(IApplicationBuilder app) => app.UseWhen(context => Of(context) is not null, counted => counted.Use((context, next) =>
    {
        // It is gone once the endpoint has failed.
        var answers = Of(context)!;
        context.Response.OnStarting(() =>
        {
            answers.Count(context, context.Response.StatusCode);
            return Task.CompletedTask;
        });
        return next(context);
    }));

    private static CountedAnswers? Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<CountedAnswers>();
}
