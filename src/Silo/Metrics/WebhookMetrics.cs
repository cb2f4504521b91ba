using System.Collections.Concurrent;
using System.Text.Json;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Webhooks;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>What becomes of messages to webhooks. Labels are outcomes; no webhook, tenant or address is one.</summary>
internal sealed class WebhookMetrics : IWebhookMeter
{
    private readonly ConcurrentDictionary<string, (int Queued, int Dead)> _held = new(StringComparer.Ordinal);
    private readonly Counter _attempts;
    private readonly Counter _died;
    private readonly Counter _dropped;
    private readonly Counter _refused;

    public WebhookMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _attempts = factory.CreateCounter("flywheel_webhook_attempts_total", "Attempts to deliver a message to a webhook, by how they ended.", "outcome");
        foreach (var outcome in Enum.GetValues<DeliveryOutcome>().Where(outcome => outcome != DeliveryOutcome.Overflowed))
            _attempts.WithLabels(NameOf(outcome));
        _died = factory.CreateCounter("flywheel_webhook_messages_died_total", "Messages to webhooks that were given up, and can be replayed.");
        _dropped = factory.CreateCounter("flywheel_webhook_messages_dropped_total", "Dead letters that made room for newer ones, and are lost.");
        _refused = factory.CreateCounter("flywheel_webhook_documents_rejected_total", "Documents of webhooks that could not be taken (400, 413, 415, 422).");
        var queued = factory.CreateGauge("flywheel_webhook_queued_messages", "Messages that wait to be delivered, of the webhooks on this silo.");
        var dead = factory.CreateGauge("flywheel_webhook_dead_letters", "Dead letters of the webhooks on this silo.");
        registry.AddBeforeCollectCallback(() =>
        {
            queued.Set(_held.Values.Sum(held => held.Queued));
            dead.Set(_held.Values.Sum(held => held.Dead));
        });
    }

    public void Attempted(DeliveryOutcome outcome) => _attempts.WithLabels(NameOf(outcome)).Inc();

    public void Died(int died, int dropped)
    {
        _died.Inc(died);
        _dropped.Inc(dropped);
    }

    public void Holds(string webhook, int queued, int dead) => _held[webhook] = (queued, dead);

    public void Left(string webhook) => _held.TryRemove(webhook, out _);

    public void Refused() => _refused.Inc();

    private static string NameOf(DeliveryOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());
}
