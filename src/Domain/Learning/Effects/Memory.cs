namespace Flywheel.Domain.Learning.Effects;

/// <summary>What one memory keeps of the evidence.</summary>
internal sealed class Memory(int slots, double weight)
{
    /// <summary>Its share of the posterior, 0 to 1.</summary>
    public double Weight { get; set; } = weight;

    /// <summary>By slot and module: weighed impressions.</summary>
    public double[][] Exposures { get; } = new double[slots][];

    /// <summary>By slot and module: rewards in units.</summary>
    public double[][] Rewards { get; } = new double[slots][];

    /// <summary>What is believed under this memory, by slot.</summary>
    public SlotBelief[] Slots { get; } = new SlotBelief[slots];
}
