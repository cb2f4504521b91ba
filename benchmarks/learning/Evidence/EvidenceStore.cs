using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Evidence;

/// <summary>Impressions and rewards of every arm in every segment, as far as they are still remembered.</summary>
internal abstract class EvidenceStore(Layout layout, int segments)
{
    private readonly double[][] _impressions = [.. Enumerable.Range(0, segments).Select(_ => new double[layout.Arms])];
    private readonly double[][] _rewards = [.. Enumerable.Range(0, segments).Select(_ => new double[layout.Arms])];

    public Layout Layout { get; } = layout;

    /// <summary>By arm.</summary>
    public ReadOnlySpan<double> Impressions(int segment) => _impressions[segment];

    /// <summary>By arm; each at most the arm's impressions.</summary>
    public ReadOnlySpan<double> Rewards(int segment) => _rewards[segment];

    public abstract void AddImpression(int impression, int segment, int combination);

    public abstract void AddReward(int impression, int segment, int combination);

    protected void Count(int segment, int combination, double impressions, double rewards)
    {
        Span<int> arms = stackalloc int[Layout.Slots.Length];
        Layout.ArmsOf(combination, arms);
        foreach (var arm in arms)
        {
            _impressions[segment][arm] += impressions;
            _rewards[segment][arm] += rewards;
        }
    }

    protected void Scale(int segment, double factor)
    {
        for (var arm = 0; arm < Layout.Arms; arm++)
        {
            _impressions[segment][arm] *= factor;
            _rewards[segment][arm] *= factor;
        }
    }
}
