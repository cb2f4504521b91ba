using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;

namespace Flywheel.Cli.Simulate;

/// <summary>
/// One run of a world in virtual time, with the classes that the engine itself uses: every segment is served by its
/// <see cref="SegmentPolicy"/>, refitted by the engine's learner at most every 200 ms while its counts change.
/// </summary>
internal sealed class SimulationRun
{
    private const double RefitSeconds = 0.2;
    private const double PoolSeconds = 1;

    private readonly World _world;
    private readonly ILearner? _learner;
    private readonly ImmutableArray<ImmutableArray<ulong>> _keys;
    private readonly int[] _strides;
    private readonly SegmentRun[] _segments;
    private readonly double[] _cumulativeShares;
    private readonly PriorityQueue<(int Segment, ulong Combination, int Arm, double[] Shares, double DecidedAt), double> _pending = new();
    private CampaignPool? _pool;
    private double _pooledAt;
    private readonly ulong _drawSeed;
    private ulong _random;

    /// <param name="learner">Null serves the uniform policy throughout.</param>
    /// <param name="seed">Worlds of different names run independently under the same seed, so that a mean over worlds is as sure as it looks.</param>
    public SimulationRun(World world, ILearner? learner, int seed)
    {
        (_world, _learner, _random) = (world, learner, Mixing.Of(world.Name, (ulong)seed));
        _drawSeed = Mixing.Spread(_random);
        _keys = [.. world.Slots.Select(slot => slot.Modules.Select(module => PublishedCampaign.ModuleKey(slot.Id, module, 1)).ToImmutableArray())];
        _strides = new int[world.Slots.Length];
        for (var (slot, stride) = (world.Slots.Length - 1, 1); slot >= 0; stride *= world.Slots[slot--].Modules.Length)
            _strides[slot] = stride;
        _segments = [.. world.Segments.Select(segment => new SegmentRun(segment, _keys))];
        var sum = 0.0;
        _cumulativeShares = [.. world.Segments.Select(segment => sum += segment.Share)];
        Seed = seed;
        foreach (var segment in _segments)
            segment.Refitted(Fit(segment), 0);
    }

    public int Seed { get; }

    /// <summary>Rewards earned.</summary>
    public long Reward { get; private set; }

    /// <summary>Sums of true rates: of what was served, of the uniform policy, of the best combination.</summary>
    public double Expected { get; private set; }

    public double Uniform { get; private set; }

    public double Best { get; private set; }

    /// <summary>(expected − uniform) ÷ (best − uniform); null where nothing can be gained.</summary>
    public double? HeadroomCaptured => Best - Uniform > 1e-9 * Best ? (Expected - Uniform) / (Best - Uniform) : null;

    /// <summary>By segment, the first moment at which a user would have been told that one combination wins; null where never.</summary>
    public IReadOnlyDictionary<string, DeclaredReport?> Declared => _segments.ToDictionary(
        segment => segment.Id,
        segment => segment.Declared is { } declared ? new DeclaredReport(NameOf(declared.Combination), declared.AtImpression) : null);

    /// <summary>Expected rate of the last policy ÷ the best rate at the end, over segments by share; 1 where nothing earns anything.</summary>
    public double FinalRateOverBest { get; private set; }

    public SimulationRun Run()
    {
        for (var i = 0; i < _world.Impressions; i++)
        {
            var now = i / _world.ImpressionsPerSecond;
            Deliver(now);
            Serve(_segments.Length == 1 ? 0 : SegmentAt(NextUnit()), i, now);
        }
        foreach (var segment in _segments)
            segment.Look(_world.Impressions);
        var best = _segments.Sum(segment => segment.Share * segment.Phase.Best);
        FinalRateOverBest = best > 0 ? FinalRate() / best : 1;
        return this;
    }

    private int SegmentAt(double draw)
    {
        var at = Array.FindIndex(_cumulativeShares, edge => draw < edge);
        return at < 0 ? _segments.Length - 1 : at;
    }

    private void Serve(int at, int impression, double now)
    {
        var segment = _segments[at];
        segment.Advance(impression);
        if (segment.IsStale && now - segment.FittedAt >= RefitSeconds)
        {
            segment.Look(impression);
            Refit(segment, now);
        }
        var choice = segment.Fit.Policy.Choose(Next());
        var arm = IndexOf(choice.Combination);
        var rate = segment.Phase.Rates[arm];
        Expected += rate;
        Uniform += segment.Phase.Mean;
        Best += segment.Phase.Best;
        segment.CountImpression(choice.Combination, now);
        if (NextUnit() >= rate)
            return;
        Reward++;
        if (_world.RewardDelaySeconds > 0)
            _pending.Enqueue((at, choice.Combination, arm, Shares(segment), now), now - Math.Log(1 - NextUnit()) * _world.RewardDelaySeconds);
        else
            segment.CountReward(choice.Combination, arm, Shares(segment), now, now);
    }

    private void Deliver(double now)
    {
        while (_pending.TryPeek(out var pending, out var due) && due <= now)
        {
            _pending.Dequeue();
            _segments[pending.Segment].CountReward(pending.Combination, pending.Arm, pending.Shares, pending.DecidedAt, due);
        }
    }

    private void Refit(SegmentRun segment, double now)
    {
        if (_segments.Length > 1 && _learner is not null && now - _pooledAt >= PoolSeconds)
            (_pool, _pooledAt) = (new CampaignPool([.. _segments.Select(each => (each.Id, each.Fit.Summary!))]), now);
        segment.Refitted(Fit(segment), now);
    }

    /// <summary>The probability of each combination under a segment's policy.</summary>
    private double[] Shares(SegmentRun segment)
    {
        if (segment.Shares is { } known)
            return known;
        var shares = new double[segment.Phase.Rates.Length];
        for (var arm = 0; arm < shares.Length; arm++)
            shares[arm] = segment.Fit.Policy.PropensityOf(Pack(arm));
        return segment.Shares = shares;
    }

    private SegmentFit Fit(SegmentRun segment)
    {
        if (_learner is null)
            return new SegmentFit(SegmentPolicy.Uniform([.. _keys.Select(slot => slot.Length)], _world.Control), []);
        var counts = segment.Counts();
        return _learner.Fit(new LearnerInput(_keys, counts, counts.Version + 1, _world.Control, 0, Rewards.Micro, Mixing.Of(segment.Id, _drawSeed))
        {
            Pooled = _pool?.PriorsFor(segment.Id, _keys) ?? default,
            Memo = segment.Memo,
            Explain = false,
        });
    }

    private double FinalRate()
    {
        var total = 0.0;
        foreach (var segment in _segments)
        {
            var policy = (segment.IsStale ? Fit(segment) : segment.Fit).Policy;
            for (var combination = 0; combination < segment.Phase.Rates.Length; combination++)
                total += segment.Share * policy.PropensityOf(Pack(combination)) * segment.Phase.Rates[combination];
        }
        return total;
    }

    private int IndexOf(ulong combination)
    {
        var index = 0;
        for (var slot = 0; slot < _strides.Length; slot++)
            index += Combination.ModuleAt(combination, slot) * _strides[slot];
        return index;
    }

    private string NameOf(int index) =>
        string.Join('|', _world.Slots.Select((slot, s) => slot.Modules[index / _strides[s] % slot.Modules.Length]));

    private ulong Pack(int index)
    {
        ulong combination = 0;
        for (var slot = 0; slot < _strides.Length; slot++)
            combination = Combination.With(combination, slot, index / _strides[slot] % _keys[slot].Length);
        return combination;
    }

    private ulong Next() => Mixing.Spread(_random += 0x9E3779B97F4A7C15);

    private double NextUnit() => Mixing.ToUnit(Next());
}
