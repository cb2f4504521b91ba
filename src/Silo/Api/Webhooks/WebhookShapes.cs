using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Api.Webhooks;

/// <summary>What a webhook is to be; only <paramref name="Url"/> is required.</summary>
/// <param name="Url">Where messages are posted: http or https.</param>
internal sealed record WebhookDocument(string Url)
{
    /// <summary>Without it, of everything.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Without it, of every campaign.</summary>
    public IReadOnlyList<string>? Campaigns { get; init; }

    public string? Description { get; init; }

    /// <summary>True unless said otherwise.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A webhook as it is.</summary>
/// <param name="Events">All that it is told of.</param>
/// <param name="Campaigns">Empty for all.</param>
/// <param name="Gone">True where its receiver answered 410, which took it out of service.</param>
/// <param name="Queued">Messages that wait.</param>
/// <param name="DeadLetters">Messages that were given up.</param>
internal sealed record WebhookShown(
    string Id, string Url, IReadOnlyList<string> Events, IReadOnlyList<string> Campaigns, bool Enabled, bool Gone, DateTimeOffset CreatedAt, int Queued, int DeadLetters)
{
    public string? Description { get; init; }

    /// <summary>What its messages are signed with; told where it is new, and never again.</summary>
    public string? Secret { get; init; }
}

/// <summary>The tenant's webhooks, by id.</summary>
internal sealed record WebhookList(IReadOnlyList<WebhookShown> Webhooks);

/// <summary>An attempt.</summary>
/// <param name="Message">The message's id, the header webhook-id.</param>
/// <param name="Attempt">From 1.</param>
internal sealed record DeliveryShown(
    string Message, string Type, int Attempt, DateTimeOffset At, [property: AllowedValues("delivered", "failed", "gone", "timedOut", "unreachable", "forbidden")] string Outcome, int ElapsedMs)
{
    /// <summary>Of the answer; left out where none came.</summary>
    public int? Status { get; init; }
}

/// <summary>A message that waits.</summary>
/// <param name="Attempts">That failed.</param>
/// <param name="Payload">As it is sent.</param>
internal sealed record QueuedShown(string Message, string Type, int Attempts, DateTimeOffset NextAt, JsonObject Payload);

/// <summary>The last attempts, newest first, and what waits, oldest first.</summary>
internal sealed record DeliveryList(IReadOnlyList<DeliveryShown> Deliveries, IReadOnlyList<QueuedShown> Queued);

/// <summary>A message that was given up.</summary>
/// <param name="Attempts">That failed.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Outcome">Of the last attempt; <c>overflowed</c> where too many newer ones waited.</param>
/// <param name="Payload">As it was sent.</param>
internal sealed record DeadLetterShown(
    string Message, string Type, int Attempts, DateTimeOffset At,
    [property: AllowedValues("failed", "gone", "timedOut", "unreachable", "forbidden", "overflowed")] string Outcome, JsonObject Payload)
{
    /// <summary>Of the last answer; left out where none came.</summary>
    public int? Status { get; init; }
}

/// <summary>Messages that were given up, newest first.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterShown> DeadLetters);

/// <summary>How many dead letters are sent again.</summary>
internal sealed record ReplayReceipt(int Replayed);

/// <summary>The message that is sent.</summary>
internal sealed record TestReceipt(string Message);

/// <summary>A new secret.</summary>
/// <param name="PreviousUntil">Until then the one before signs as well.</param>
internal sealed record SecretShown(string Secret, DateTimeOffset PreviousUntil);
