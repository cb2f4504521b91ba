namespace Flywheel.Abstractions.Replicas;

/// <summary>How a campaign's messaging stands: what a person should know without asking for it.</summary>
/// <param name="Entries">Entries that its history has had; of two of these, the one with more is newer.</param>
/// <param name="Pending">Proposals that wait for a person.</param>
/// <param name="AgentsStopped">Whether its agents are stopped.</param>
[GenerateSerializer, Immutable, Alias("flywheel.messaging-standing")]
public sealed record MessagingStandingMessage(
    [property: Id(0)] string Campaign,
    [property: Id(1)] ulong Incarnation,
    [property: Id(2)] long Entries,
    [property: Id(3)] int Pending,
    [property: Id(4)] bool AgentsStopped)
{
    /// <summary>Whether there is anything that a person should know.</summary>
    public bool IsNotable => Pending > 0 || AgentsStopped;
}
