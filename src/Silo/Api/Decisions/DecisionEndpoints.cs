using System.Buffers;
using System.Text;
using System.Text.Json;
using Flywheel.Client;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Flywheel.Silo.Api.Decisions;

/// <summary><c>/v1/decisions</c>: what ad servers ask, thousands of times a second.</summary>
internal sealed class DecisionEndpoints
{
    private const int MaxBody = 64 * 1024;
    private const int MaxBatchBody = 16 * 1024 * 1024;
    private const int MaxBatch = 1_000;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _one;

    private readonly DecisionService _decisions;
    private readonly Readiness _readiness;

    // Resolved once: a scope for each request costs more than the decision.
    private DecisionEndpoints(IServiceProvider services) =>
        (_decisions, _readiness) = (services.GetRequiredService<DecisionService>(), services.GetRequiredService<Readiness>());

    public static void Map(IEndpointRouteBuilder app)
    {
        var decisions = new DecisionEndpoints(app.ServiceProvider);
        app.MapPost("/v1/decisions", (Delegate)decisions.DecideAsync).WithTags("Decisions").WithSummary("One module a slot, for one request")
            .ForServing().WithMetadata(new SkipStatusCodePagesAttribute()).Takes<Client.DecisionRequest>().Produces<Decision>().Produces(204).ProducesProblem(400).ProducesProblem(404);
        app.MapPost("/v1/decisions/batch", (Delegate)decisions.DecideManyAsync).WithTags("Decisions").WithSummary("Up to 1,000 decisions, in order").ForServing()
            .Takes<DecisionBatch>().Produces<DecisionBatchAnswer>().ProducesProblem(400).ProducesProblem(413);
    }

    private async Task DecideAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        await AnswerAsync(context, body.Span);
    }

    private Task AnswerAsync(HttpContext context, ReadOnlySpan<byte> body)
    {
        if (!DecisionRequest.TryRead(body, out var request, out var error))
            return Problem.BadRequest(error!).ExecuteAsync(context);
        var answer = ResponseBuffer.Rent();
        switch (_decisions.Decide(request, context.Tenant(), answer.Output, out error))
        {
            case DecisionOutcome.Decided:
                return answer.SendAsync(context.Response, StatusCodes.Status200OK);
            case DecisionOutcome.NotLive:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case DecisionOutcome.NoCampaign:
                return (_readiness.IsCurrent ? Problem.NotFound(Encoding.UTF8.GetString(request.Campaign)) : Problem.NotCurrent(context)).ExecuteAsync(context);
            default:
                return Problem.BadRequest(error!).ExecuteAsync(context);
        }
    }

    private async Task DecideManyAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBatchBody, context.RequestAborted);
        await AnswerManyAsync(context, body.Span);
    }

    private Task AnswerManyAsync(HttpContext context, ReadOnlySpan<byte> body)
    {
        var answer = ResponseBuffer.Rent();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("decisions"u8);
        try
        {
            var count = CountRequests(body);
            if (count < 0)
                return Problem.BadRequest(new FieldError("decisions", "nothing", "an array of requests")).ExecuteAsync(context);
            if (count > MaxBatch)
                return Problem.TooLarge($"decisions: came {count}; expected at most {MaxBatch}").ExecuteAsync(context);
            var reader = new Utf8JsonReader(body);
            FindArray(ref reader);
            var tenant = context.Tenant();
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                AnswerOne(body[start..(int)reader.BytesConsumed], index, tenant, answer.Json);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Problem.BadRequest(new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)})", "{\"decisions\":[…]}")).ExecuteAsync(context);
        }
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        return answer.SendAsync(context.Response, StatusCodes.Status200OK);
    }

    /// <summary>
    /// Reads the body to its end before anything is decided, so that nothing is for one that is too long or malformed further
    /// on. −1 where there is no array.
    /// </summary>
    private static int CountRequests(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!FindArray(ref reader))
            return -1;
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            reader.Skip();
        while (reader.Read())
            reader.Skip();
        return count;
    }

    private static bool FindArray(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("decisions"u8);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
        }
        return false;
    }

    private void AnswerOne(ReadOnlySpan<byte> body, int index, string tenant, Utf8JsonWriter json)
    {
        if (!DecisionRequest.TryRead(body, out var request, out var error))
        {
            WriteRefusal(json, StatusCodes.Status400BadRequest, $"decisions[{index}]: {error}");
            return;
        }
        _one ??= new ArrayBufferWriter<byte>(1_024);
        _one.ResetWrittenCount();
        switch (_decisions.Decide(request, tenant, _one, out error))
        {
            case DecisionOutcome.Decided:
                json.WriteRawValue(_one.WrittenSpan, skipInputValidation: true);
                break;
            case DecisionOutcome.NotLive:
                WriteRefusal(json, StatusCodes.Status204NoContent, "the campaign is not live");
                break;
            case DecisionOutcome.NoCampaign when !_readiness.IsCurrent:
                WriteRefusal(json, StatusCodes.Status503ServiceUnavailable, Problem.NotCurrentDetail);
                break;
            case DecisionOutcome.NoCampaign:
                WriteRefusal(json, StatusCodes.Status404NotFound, $"decisions[{index}].campaign: came \"{Problem.Shorten(Encoding.UTF8.GetString(request.Campaign))}\"; expected the id of a campaign");
                break;
            default:
                WriteRefusal(json, StatusCodes.Status400BadRequest, $"decisions[{index}].{error}");
                break;
        }
    }

    private static void WriteRefusal(Utf8JsonWriter json, int status, string detail)
    {
        json.WriteStartObject();
        json.WriteNumber("status"u8, status);
        json.WriteString("detail"u8, detail);
        json.WriteEndObject();
    }
}
