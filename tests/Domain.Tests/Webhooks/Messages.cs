using System.Text.Json.Nodes;
using Flywheel.Domain.Webhooks;

namespace Flywheel.Domain.Tests.Webhooks;

/// <summary>Messages and outboxes to test with.</summary>
internal static class Messages
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    public static readonly Outbox Empty = Outbox.None with { Definition = new WebhookDefinition("https://hooks.example.com"), CreatedAt = Now, Secret = Secret };

    public static WebhookMessage Message(int number, string type = WebhookEvents.ProposalWaiting, string? campaign = "spring") =>
        WebhookMessage.New(type, campaign, $"{number}", new JsonObject { ["number"] = number }, Now);

    public static Outbox With(int messages) => Empty.Take(Enumerable.Range(0, messages).Select(number => Message(number)), Now).Next;

    public static DeliveryResult Result(DeliveryOutcome outcome, int? status = null, TimeSpan? retryAfter = null) => new(outcome, status, retryAfter, 7);
}
