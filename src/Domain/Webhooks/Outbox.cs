using System.Collections.Immutable;

namespace Flywheel.Domain.Webhooks;

/// <summary>
/// A webhook: where it goes, what waits to be sent and what was given up. Immutable and pure; stored as it is. Everything in it has a bound: what
/// does not fit makes the oldest a dead letter, and of dead letters the oldest is lost.
/// </summary>
public sealed record Outbox
{
    public const int MostQueued = 128;
    public const int MostDead = 128;

    /// <summary>Attempts that are remembered.</summary>
    public const int MostDeliveries = 64;

    /// <summary>Ids of messages that were taken lately: one that comes again is not sent again.</summary>
    public const int MostKnown = 256;

    /// <summary>How long the secret before a new one still signs.</summary>
    public static readonly TimeSpan PreviousFor = TimeSpan.FromHours(24);

    public static readonly Outbox None = new();

    public WebhookDefinition Definition { get; init; } = new("");

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>See <see cref="WebhookSecret"/>; empty where there is no such webhook.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Signs as well until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousSecret { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>True where its receiver answered 410; then it is not enabled until somebody puts it again.</summary>
    public bool IsGone { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<QueuedMessage> Queue { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableArray<DeadLetter> Dead { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableArray<WebhookDelivery> Deliveries { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableArray<string> Known { get; init; } = [];

    public bool Exists() => Secret.Length > 0;

    /// <summary>The message to send next; null where none waits, or none is to be sent.</summary>
    public QueuedMessage? Next() => Definition.IsEnabled ? Queue.MinBy(message => message.NextAt) : null;

    /// <summary>Another definition; what waits goes where that one says.</summary>
    public Outbox Put(WebhookDefinition definition) => this with { Definition = definition, IsGone = false };

    /// <summary>Another secret. The one before signs for a while as well, so that the receiver can take its time.</summary>
    public Outbox Rotate(string secret, DateTimeOffset now) => this with { Secret = secret, PreviousSecret = Secret, PreviousUntil = now + PreviousFor };

    /// <summary>Signatures of an attempt, separated by spaces.</summary>
    public string Sign(WebhookMessage message, DateTimeOffset now)
    {
        var signature = WebhookSecret.Sign(Secret, message.Id, now.ToUnixTimeSeconds(), message.Body);
        return PreviousSecret is { } previous && now < PreviousUntil
            ? $"{signature} {WebhookSecret.Sign(previous, message.Id, now.ToUnixTimeSeconds(), message.Body)}"
            : signature;
    }

    /// <summary>Queues what the webhook wants and has not had.</summary>
    public OutboxStep Take(IEnumerable<WebhookMessage> messages, DateTimeOffset now)
    {
        if (!Definition.IsEnabled)
            return new OutboxStep(this, 0, 0);
        var added = messages.Where(message => Definition.Wants(message) && !Known.Contains(message.Id)).ToImmutableArray();
        if (added.IsEmpty)
            return new OutboxStep(this, 0, 0);
        var queue = Queue.AddRange(added.Select(message => new QueuedMessage(message, 0, now)));
        var over = Math.Max(0, queue.Length - MostQueued);
        return (this with { Queue = queue[over..], Known = Newest(Known.AddRange(added.Select(message => message.Id)), MostKnown) })
            .Bury(queue[..over].Select(message => new DeadLetter(message.Message, message.Attempts, now, DeliveryOutcome.Overflowed, null)));
    }

    /// <summary>An attempt has ended. One at a message that does not wait any more changes nothing.</summary>
    /// <param name="chance">0 to 1, for the wait until the next attempt.</param>
    public OutboxStep Settle(string id, DeliveryResult result, RetrySchedule retries, double chance, DateTimeOffset now)
    {
        if (Queue.FirstOrDefault(queued => queued.Message.Id == id) is not { } queued)
            return new OutboxStep(this, 0, 0);
        var attempts = queued.Attempts + 1;
        var delivery = new WebhookDelivery(id, queued.Message.Type, attempts, now, result.Outcome, result.Status, result.ElapsedMs);
        var told = this with { Deliveries = Newest(Deliveries.Add(delivery), MostDeliveries) };
        var next = told with { Queue = Queue.Remove(queued) };
        switch (result.Outcome)
        {
            case DeliveryOutcome.Delivered:
                return new OutboxStep(next, 0, 0);
            case DeliveryOutcome.Gone:
                var rest = next.Queue.Select(waiting => new DeadLetter(waiting.Message, waiting.Attempts, now, DeliveryOutcome.Gone, null));
                return (next with { Queue = [], IsGone = true, Definition = Definition with { IsEnabled = false } })
                    .Bury(rest.Prepend(new DeadLetter(queued.Message, attempts, now, result.Outcome, result.Status)));
            case not DeliveryOutcome.Forbidden when retries.After(attempts, result.RetryAfter, chance) is { } wait:
                return new OutboxStep(told with { Queue = Queue.Replace(queued, queued with { Attempts = attempts, NextAt = now + wait }) }, 0, 0);
            default:
                return next.Bury([new DeadLetter(queued.Message, attempts, now, result.Outcome, result.Status)]);
        }
    }

    /// <summary>Sends dead letters again, oldest first, as many as there is room for in the queue.</summary>
    /// <param name="id">One message; null for all.</param>
    /// <param name="replayed">How many.</param>
    public Outbox Replay(string? id, DateTimeOffset now, out int replayed)
    {
        var letters = Dead.Where(letter => id is null || letter.Message.Id == id).Take(MostQueued - Queue.Length).ToImmutableArray();
        replayed = letters.Length;
        return letters.IsEmpty ? this : this with
        {
            Dead = Dead.RemoveRange(letters),
            Queue = Queue.AddRange(letters.Select(letter => new QueuedMessage(letter.Message, 0, now))),
        };
    }

    private OutboxStep Bury(IEnumerable<DeadLetter> letters)
    {
        var dead = Dead.AddRange(letters);
        return new OutboxStep(this with { Dead = Newest(dead, MostDead) }, dead.Length - Dead.Length, Math.Max(0, dead.Length - MostDead));
    }

    private static ImmutableArray<T> Newest<T>(ImmutableArray<T> all, int most) => all.Length <= most ? all : all[^most..];
}
