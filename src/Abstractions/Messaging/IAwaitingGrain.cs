using Flywheel.Abstractions.Replicas;

namespace Flywheel.Abstractions.Messaging;

/// <summary>
/// Which campaigns have something that awaits a person, so that a silo that starts need not ask each. Keys: the numbers of its parts, from 0.
/// Called when a campaign's standing changes, and by each silo as it starts and in turn every few seconds.
/// </summary>
[Alias("flywheel.awaiting")]
public interface IAwaitingGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what is newer than it has, durable once this returns.</summary>
    [Alias("note")]
    Task NoteAsync(MessagingStandingMessage standing, CancellationToken cancellationToken);

    [Alias("forget")]
    Task ForgetAsync(string campaign, CancellationToken cancellationToken);

    /// <summary>Of those that are notable.</summary>
    [Alias("list")]
    Task<IReadOnlyList<MessagingStandingMessage>> ListAsync(CancellationToken cancellationToken);
}
