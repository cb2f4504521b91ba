namespace Flywheel.Silo.Api.Kafka;

/// <summary>Why one partition of a topic is not read, while others are.</summary>
internal enum PartitionHold
{
    /// <summary>It is read.</summary>
    None,

    /// <summary>The brokers do not say what they have of it: it has no leader, or nobody may read it under this name.</summary>
    Brokers,

    /// <summary>It ends before where the log has it: its topic was made anew, or lost its end.</summary>
    Ended,

    /// <summary>Its tenant's signals cannot be told apart from those sent twice any more; see <see cref="Hosting.CrowdedTenants"/>.</summary>
    Crowded,
}
