using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.CloudEvents;

/// <summary>Tells by its headers what form a request or a message has (the HTTP and the Kafka binding of CloudEvents 1.0).</summary>
internal static class CloudEventForms
{
    private const string One = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    /// <summary>What is wrong with a body of a form, as a whole; null where it is what its form says.</summary>
    /// <param name="isSingle">Whether it is one object.</param>
    /// <param name="signals">How many it holds.</param>
    public static FieldError? Misfit(CloudEventForm form, bool isSingle, int signals) => form switch
    {
        CloudEventForm.Binary when signals != 1 => new FieldError("data", $"{signals} signals with the attributes of one event", $"one signal, or events as {Batch}"),
        CloudEventForm.Structured when !isSingle => new FieldError("", "no event by itself", $"an event, or an array of them as {Batch}"),
        CloudEventForm.Batch when isSingle => new FieldError("", "one event as a batch", $"an array of events, or one as {One}"),
        _ => null,
    };

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
