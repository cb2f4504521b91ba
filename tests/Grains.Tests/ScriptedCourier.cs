using System.Collections.Concurrent;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Webhooks;

namespace Flywheel.Grains.Tests;

/// <summary>Test double of a courier: it answers as it is told, and keeps what it was given. It is the meter of webhooks as well.</summary>
public sealed class ScriptedCourier : IWebhookCourier, IWebhookMeter
{
    private readonly ConcurrentQueue<WebhookAttempt> _attempts = [];
    private readonly ConcurrentQueue<DeliveryOutcome> _outcomes = [];
    private readonly ConcurrentDictionary<string, (int Queued, int Dead)> _held = [];

    /// <summary>Answers an attempt; delivers everything unless told otherwise.</summary>
    public Func<WebhookAttempt, Task<DeliveryResult>> Answer { get; set; } = _ => Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, 204, null, 1));

    public IReadOnlyList<WebhookAttempt> Attempts => [.. _attempts];

    public IReadOnlyList<DeliveryOutcome> Outcomes => [.. _outcomes];

    public IReadOnlyDictionary<string, (int Queued, int Dead)> Held => _held;

    public Task<DeliveryResult> SendAsync(WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        _attempts.Enqueue(attempt);
        return Answer(attempt);
    }

    public void Attempted(DeliveryOutcome outcome) => _outcomes.Enqueue(outcome);

    public void Died(int died, int dropped)
    {
    }

    public void Holds(string webhook, int queued, int dead) => _held[webhook] = (queued, dead);

    public void Left(string webhook) => _held.TryRemove(webhook, out _);
}
