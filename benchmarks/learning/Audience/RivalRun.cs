using Flywheel.Benchmarks.Learning.Rivals;
using Flywheel.Cli.Simulate;
using Flywheel.Decisions;

namespace Flywheel.Benchmarks.Learning.Audience;

/// <summary>
/// One run of a rival against a world. The audience draws from the stream of the simulation in its order (segment, one draw for
/// the policy, reward, delay), so that a seed brings the rivals and the learner the same people; where rewards are late the
/// streams part at the first reward that only one of them earns. A rival's own draws come from a stream of its own.
/// </summary>
internal static class RivalRun
{
    /// <summary>Headroom captured: (served − uniform) ÷ (best − uniform), in true rates.</summary>
    public static double HeadroomCaptured(World world, Func<Layout, int, RandomStream, IRival> create, int seed)
    {
        var layout = new Layout([.. world.Slots.Select(slot => slot.Modules.Length)]);
        var rival = create(layout, world.Segments.Length, new RandomStream(Mixing.Spread(~(ulong)seed)));
        var audience = new RandomStream(Mixing.Spread((ulong)seed));
        var pending = new PriorityQueue<(int Impression, int Segment, int Combination), double>();
        var phases = new int[world.Segments.Length];
        var (served, uniform, best) = (0.0, 0.0, 0.0);
        for (var impression = 0; impression < world.Impressions; impression++)
        {
            var now = impression / world.ImpressionsPerSecond;
            while (pending.TryPeek(out var late, out var due) && due <= now)
            {
                rival.Reward(late.Impression, late.Segment, late.Combination);
                pending.Dequeue();
            }
            var segment = phases.Length == 1 ? 0 : SegmentAt(world, audience.Unit());
            var phase = PhaseAt(world.Segments[segment], ref phases[segment], impression);
            var combination = rival.Choose(impression, segment);
            audience.Next();
            served += phase.Rates[combination];
            uniform += phase.Mean;
            best += phase.Best;
            if (audience.Unit() >= phase.Rates[combination])
                continue;
            if (world.RewardDelaySeconds > 0)
                pending.Enqueue((impression, segment, combination), now - Math.Log(1 - audience.Unit()) * world.RewardDelaySeconds);
            else
                rival.Reward(impression, segment, combination);
        }
        return (served - uniform) / (best - uniform);
    }

    private static int SegmentAt(World world, double draw)
    {
        var edge = 0.0;
        for (var segment = 0; segment < world.Segments.Length; segment++)
        {
            edge += world.Segments[segment].Share;
            if (draw < edge)
                return segment;
        }
        return world.Segments.Length - 1;
    }

    private static WorldPhase PhaseAt(WorldSegment segment, ref int phase, int impression)
    {
        while (phase + 1 < segment.Phases.Length && segment.Phases[phase + 1].From <= impression)
            phase++;
        return segment.Phases[phase];
    }
}
