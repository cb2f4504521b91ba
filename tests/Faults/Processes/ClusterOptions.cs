namespace Flywheel.Faults.Processes;

/// <summary>What to start.</summary>
internal sealed record ClusterOptions
{
    /// <value>True for silos on a Redis; false for one engine with the embedded store.</value>
    public bool HasRedis { get; init; } = true;

    public int Silos { get; init; } = Scale.Current.Silos;

    public int Partitions { get; init; } = 8;

    /// <value><c>--max-backlog</c> of each silo; its own default where null.</value>
    public int? MaxBacklog { get; init; }

    /// <value>True where each silo reaches Redis through a proxy of its own.</value>
    public bool HasProxies { get; init; }

    /// <value>Settings of redis-server, as on its command line.</value>
    public IReadOnlyList<string> RedisSettings { get; init; } = [];
}
