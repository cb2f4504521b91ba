using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Tests.Learning;

/// <summary>A seeded history of one segment: decisions one after the other, each served and answered as told.</summary>
internal sealed class Timeline(int seed, params int[] shape)
{
    public const long StartMs = 1_777_000_000_000;

    private const int MsApart = 5;

    private readonly Random _random = new(seed);
    private readonly EvidenceTable _table = new();
    private readonly List<(long DueMs, long DecidedMs, ulong[] Modules)> _pending = [];

    public long NowMs { get; private set; } = StartMs;

    public ImmutableArray<ImmutableArray<ulong>> Slots { get; } =
        [.. shape.Select((modules, slot) => Enumerable.Range(0, modules).Select(module => Key(slot, module)).ToImmutableArray())];

    public static ulong Key(int slot, int module) => PublishedCampaign.ModuleKey($"s{slot}", $"m{module}", 1);

    /// <param name="shares">How often each module of the first slot is served; the other slots are served evenly.</param>
    /// <param name="rate">The probability of a reward, by the modules served.</param>
    /// <param name="delayMs">Mean of an exponential delay of rewards.</param>
    /// <param name="reward">What a reward is worth, in reward units.</param>
    public Timeline Serve(int decisions, double[] shares, Func<int[], double> rate, double delayMs = 0, double reward = 1)
    {
        for (var i = 0; i < decisions; i++)
        {
            NowMs += MsApart;
            Deliver();
            var served = shape.Select((modules, slot) => slot == 0 ? Draw(shares) : _random.Next(modules)).ToArray();
            var keys = served.Select((module, slot) => Key(slot, module)).ToArray();
            _table.Add(keys, 1, 0, NowMs, NowMs);
            if (_random.NextDouble() >= rate(served))
                continue;
            if (delayMs > 0)
                _pending.Add((NowMs + (long)(-Math.Log(1 - _random.NextDouble()) * delayMs), NowMs, keys));
            else
                _table.Add(keys, 0, (long)(reward * Rewards.Micro), NowMs, NowMs);
        }
        return this;
    }

    /// <summary>One more decision, that served this module of the only slot and earned this much.</summary>
    public Timeline Earn(int module, double reward)
    {
        NowMs += MsApart;
        _table.Add([Key(0, module)], 1, (long)(reward * Rewards.Micro), NowMs, NowMs);
        return this;
    }

    public SegmentEvidence Evidence() => _table.ToEvidence();

    public LearnerInput Input(long capMicros = Rewards.Micro) =>
        new(Slots, new SegmentCounts(1, default, []) { Evidence = Evidence() }, 1, 0, 0, capMicros, Learning.Evidence.Seed);

    private void Deliver()
    {
        foreach (var due in _pending.Where(pending => pending.DueMs <= NowMs).ToList())
        {
            _pending.Remove(due);
            _table.Add(due.Modules, 0, Rewards.Micro, due.DecidedMs, NowMs);
        }
    }

    private int Draw(double[] shares)
    {
        var draw = _random.NextDouble();
        for (var module = 0; module < shares.Length - 1; module++)
        {
            if ((draw -= shares[module]) < 0)
                return module;
        }
        return shares.Length - 1;
    }
}
