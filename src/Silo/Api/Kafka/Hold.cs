namespace Flywheel.Silo.Api.Kafka;

/// <summary>Why nothing is read at the moment.</summary>
internal enum Hold
{
    /// <summary>Signals are read.</summary>
    None,

    /// <summary>More is waiting to be counted than the engine takes.</summary>
    Backlog,

    /// <summary>The store is away.</summary>
    Store,

    /// <summary>The cluster cannot be asked for campaigns, so that signals of new ones would be rejected.</summary>
    Campaigns,

    /// <summary>The brokers do not answer.</summary>
    Brokers,

    /// <summary>Rejected signals cannot be sent to their topic.</summary>
    DeadLetters,
}
