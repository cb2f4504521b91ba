using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>A rival by name, and how to start one.</summary>
/// <param name="Create">From the layout, the number of segments and the rival's own randomness.</param>
/// <param name="Fits">Whether it differs from the others on a world of these slots and segments.</param>
internal sealed record RivalKind(string Name, Func<Layout, int, RandomStream, IRival> Create, Func<int, int, bool> Fits)
{
    /// <summary>Impressions that the forgetting rivals remember.</summary>
    private const int Memory = 10_000;

    public static IReadOnlyList<RivalKind> All { get; } =
    [
        new("Beta TS", (layout, segments, random) => new BetaThompson(new LastingEvidence(layout, segments), random)),
        new("hier ×4", (layout, segments, random) => new HierThompson(new LastingEvidence(layout, segments), random)),
        new("disc", (layout, segments, random) => new HierThompson(new DiscountedEvidence(layout, segments, Memory), random)),
        new("window", (layout, segments, random) => new HierThompson(new WindowedEvidence(layout, segments, Memory), random)),
        new("flat", (layout, segments, random) => new BetaThompson(new LastingEvidence(layout.Flat, segments), random), (slots, _) => slots > 1),
        new("pooled", (layout, _, random) => new Pooled(new HierThompson(new LastingEvidence(layout, 1), random)), (_, segments) => segments > 1),
        new("UCB1", (layout, segments, random) => new Ucb1(new LastingEvidence(layout, segments), random)),
        new("ε-greedy", (layout, segments, random) => new EpsilonGreedy(new LastingEvidence(layout, segments), random)),
        new("LinTS", (layout, segments, random) => new LinearThompson(layout, segments, random)),
    ];

    private RivalKind(string name, Func<Layout, int, RandomStream, IRival> create)
        : this(name, create, (_, _) => true)
    {
    }
}
