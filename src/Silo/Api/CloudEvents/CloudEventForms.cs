namespace Flywheel.Silo.Api.CloudEvents;

/// <summary>Tells by its headers what form a request or a message has (the HTTP and the Kafka binding of CloudEvents 1.0).</summary>
internal static class CloudEventForms
{
    private const string One = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    public static CloudEventForm Of(HttpRequest request) => Of(request.ContentType, request.Headers.ContainsKey("ce-specversion"));

    /// <param name="hasAttributes">Whether an event's attributes stand in the headers.</param>
    public static CloudEventForm Of(string? contentType, bool hasAttributes)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type[..end]).Trim();
        return media.Equals(One, StringComparison.OrdinalIgnoreCase) ? CloudEventForm.Structured
            : media.Equals(Batch, StringComparison.OrdinalIgnoreCase) ? CloudEventForm.Batch
            : hasAttributes ? CloudEventForm.Binary
            : CloudEventForm.None;
    }
}
