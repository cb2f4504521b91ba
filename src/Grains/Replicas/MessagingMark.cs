using Flywheel.Abstractions.Replicas;

namespace Flywheel.Grains.Replicas;

/// <summary>How the messaging of one life of a campaign stands, as this silo knows it. Safe to use from any thread.</summary>
public sealed class MessagingMark
{
    private MessagingStandingMessage? _current;

    /// <summary>Null where this silo was told nothing: then nothing awaits a person.</summary>
    public MessagingStandingMessage? Current => Volatile.Read(ref _current);

    /// <summary>Takes what is newer than it has; false where it was not.</summary>
    public bool Put(MessagingStandingMessage standing)
    {
        while (true)
        {
            var current = Current;
            if (current is not null && current.Entries >= standing.Entries)
                return false;
            if (Interlocked.CompareExchange(ref _current, standing, current) == current)
                return true;
        }
    }

    /// <summary>Nothing awaits a person any more, where <paramref name="known"/> still is what it has.</summary>
    public bool Clear(MessagingStandingMessage known) =>
        Interlocked.CompareExchange(ref _current, known with { Pending = 0, AgentsStopped = false }, known) == known;
}
