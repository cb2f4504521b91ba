namespace Flywheel.Faults.Load;

/// <summary>How much is sent, and of what.</summary>
internal sealed record LoadOptions
{
    /// <value>Begins the ids of the campaigns, so that two loads of one cluster stay apart.</value>
    public string Name { get; init; } = "faults";

    public int Seed { get; init; } = 1;

    /// <value>The least signals to send, without repeats and poison; the load goes on until it is told to end.</value>
    public int Signals { get; init; } = Scale.Current.Signals;

    public int SignalsPerSecond { get; init; } = Scale.Current.SignalsPerSecond;

    public int DecisionsPerSecond { get; init; } = Scale.Current.DecisionsPerSecond;

    /// <value>Lines in a request.</value>
    public int BatchSize { get; init; } = Scale.Current.IsLong ? 1_000 : 250;

    public Mix Mix { get; init; } = Mix.Usual;

    /// <value>True where all batches are kept, to be sent again.</value>
    public bool KeepsBatches { get; init; }
}
