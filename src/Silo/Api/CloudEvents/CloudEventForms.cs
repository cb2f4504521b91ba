namespace Flywheel.Silo.Api.CloudEvents;

/// <summary>Tells by its headers what form a request has (the HTTP binding of CloudEvents 1.0).</summary>
internal static class CloudEventForms
{
    private const string One = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    public static CloudEventForm Of(HttpRequest request)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type[..end]).Trim();
        return media.Equals(One, StringComparison.OrdinalIgnoreCase) || media.Equals(Batch, StringComparison.OrdinalIgnoreCase) ? CloudEventForm.Structured
            : request.Headers.ContainsKey("ce-specversion") ? CloudEventForm.Binary
            : CloudEventForm.None;
    }
}
