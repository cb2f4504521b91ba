namespace Flywheel.Silo.Api;

/// <summary>The answer to a batch that is durable: how many were taken, and what is wrong with those that were not.</summary>
internal static class Receipt
{
    public static Task SendAsync(HttpContext context, int accepted, IEnumerable<(int Index, string Error)> rejected)
    {
        var answer = ResponseBuffer.Rent();
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("accepted"u8, accepted);
        answer.Json.WriteStartArray("rejected"u8);
        foreach (var (index, reason) in rejected)
        {
            answer.Json.WriteStartObject();
            answer.Json.WriteNumber("index"u8, index);
            answer.Json.WriteString("error"u8, reason);
            answer.Json.WriteEndObject();
        }
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        return answer.SendAsync(context.Response, StatusCodes.Status202Accepted);
    }
}
