namespace Flywheel.Grains.Messaging;

/// <summary>What is stored of one of them, see <see cref="Abstractions.Replicas.MessagingStandingMessage"/>.</summary>
public sealed record AwaitingCampaign(ulong Incarnation, long Entries, int Pending, bool AgentsStopped);
