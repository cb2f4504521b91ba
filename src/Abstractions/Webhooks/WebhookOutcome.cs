namespace Flywheel.Abstractions.Webhooks;

/// <summary>What a step came to.</summary>
/// <param name="Standing">How the webhook stands afterwards; null where there is none.</param>
/// <param name="Refused">Why nothing has changed; null where something may have.</param>
[GenerateSerializer, Immutable, Alias("flywheel.webhook-outcome")]
public sealed record WebhookOutcome([property: Id(0)] WebhookStandingMessage? Standing, [property: Id(1)] string? Refused = null)
{
    /// <summary>True where it was made.</summary>
    [Id(2)]
    public bool IsCreated { get; init; }

    /// <summary>The secret, where it is a new one. It is never told again.</summary>
    [Id(3)]
    public string? Secret { get; init; }

    /// <summary>The id of the message that was queued; null for none.</summary>
    [Id(4)]
    public string? Message { get; init; }

    /// <summary>Dead letters that are sent again.</summary>
    [Id(5)]
    public int Replayed { get; init; }

    /// <summary>Until when the secret before a new one signs as well; null where there is no such secret.</summary>
    [Id(6)]
    public DateTimeOffset? PreviousUntil { get; init; }
}
