namespace Flywheel.Domain.Webhooks;

/// <summary>What a step of an <see cref="Outbox"/> comes to.</summary>
/// <param name="Died">Messages that became dead letters.</param>
/// <param name="Dropped">Dead letters that made room for these, and are lost.</param>
public sealed record OutboxStep(Outbox Next, int Died, int Dropped);
