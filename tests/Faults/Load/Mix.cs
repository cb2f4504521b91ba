namespace Flywheel.Faults.Load;

/// <summary>What is wrong with the signals, as shares of them.</summary>
internal sealed record Mix
{
    public static readonly Mix Usual = new() { Duplicates = 0.02, Reordered = 0.05 };

    public static readonly Mix Bad = new() { Duplicates = 0.1, Reordered = 0.1, Late = 0.1, Poison = 0.1 };

    /// <value>Sent once more, in a batch of another time.</value>
    public double Duplicates { get; init; }

    /// <value>Sent batches later than what came after them.</value>
    public double Reordered { get; init; }

    /// <value>Decisions whose signals come when their window has closed.</value>
    public double Late { get; init; }

    /// <value>Lines that are no signals, and which the engine must reject one by one.</value>
    public double Poison { get; init; }
}
