using System.Text.Json;
using Flywheel.Abstractions.Messaging;
using Flywheel.Client;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Description;

namespace Flywheel.Silo.Api.Messaging;

/// <summary><c>/v1/campaigns/{id}/insights</c>: what can be said of a campaign, in sentences that carry their figures.</summary>
internal static class InsightEndpoints
{
    public static void MapInsights(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/insights", GetAsync).WithTags("Messaging").WithSummary("What resonates with whom, what fades, what is new, what to do; language=fr or en")
            .Asks("language", "Of the sentences; what Accept-Language says, else en", "en", "fr").Produces<Insights>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> GetAsync(string id, string? language, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var asked = language is { Length: > 0 } ? language : context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(each => each.Quality ?? 1)
            .Select(each => each.Value.Length >= 2 ? each.Value.ToString()[..2].ToLowerInvariant() : "").FirstOrDefault(tag => tag is "fr" or "en") ?? "en";
        if (asked is not ("fr" or "en"))
            return Problem.BadRequest(new FieldError("language", $"\"{Problem.Shorten(asked)}\"", "fr or en"));
        if (await grains.GetGrain<IAnalystGrain>(id).WriteInsightsAsync(asked, cancellationToken) is not { } found)
            return Problem.NotFound(id);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonText.Compact))
            Write(json, asked, found);
        return Results.Bytes(stream.ToArray(), "application/json; charset=utf-8");
    }

    public static void Write(Utf8JsonWriter json, string language, InsightsMessage found)
    {
        json.WriteStartObject();
        json.WriteString("language", language);
        json.WriteStartArray("insights");
        foreach (var insight in found.Insights)
        {
            json.WriteStartObject();
            json.WriteString("kind", MessagingWriter.NameOf(insight.Kind));
            json.WriteString("sentence", insight.Sentence);
            json.WriteStartArray("figures");
            foreach (var figure in insight.Figures)
            {
                json.WriteStartObject();
                json.WriteString("name", figure.Name);
                json.WriteNumber("value", figure.Value);
                json.WriteNumber("low", figure.Low);
                json.WriteNumber("high", figure.High);
                json.WriteNumber("n", figure.N);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
