using System.Buffers;
using System.Runtime.InteropServices;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Signals;

/// <summary>The counts of one channel of a segment while they change.</summary>
internal sealed class ChannelState
{
    /// <summary>Versions of modules counted apart: four times the most that can be in force, per source.</summary>
    public const int MaxModules = 1_024;

    private readonly GroupTally[] _groups = new GroupTally[3];
    private readonly Dictionary<(ulong Module, TallySource Source), Tally> _modules = [];

    /// <summary>Served by the learned policy or by the control group.</summary>
    public GroupTally Randomised => _groups[(int)TallySource.Learned] + _groups[(int)TallySource.Control];

    /// <summary>Adds to a module of one source.</summary>
    public void AddModule(ulong module, TallySource source, long impressions, long rewardMicros, long atMs)
    {
        if (!_modules.ContainsKey((module, source)) && _modules.Count >= MaxModules)
            RetireOldest();
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_modules, (module, source), out _);
        tally = tally.Plus(impressions, rewardMicros, atMs);
    }

    public void AddTotal(TallySource source, long impressions, long rewardMicros) =>
        _groups[(int)source] += new GroupTally(0, impressions, rewardMicros);

    public void AddServed(long learned, long control)
    {
        _groups[(int)TallySource.Learned] += new GroupTally(learned, 0, 0);
        _groups[(int)TallySource.Control] += new GroupTally(control, 0, 0);
    }

    public ChannelTally ToTally(string channel) => new(
        channel,
        _groups[(int)TallySource.Learned],
        _groups[(int)TallySource.Control],
        _groups[(int)TallySource.Observed],
        [.. _modules.Select(pair => new ModuleTally(pair.Key.Module, pair.Key.Source, pair.Value.Impressions, pair.Value.RewardMicros))]);

    public void WriteTo(ArrayBufferWriter<byte> writer)
    {
        foreach (var group in _groups)
            writer.Group(group);
        writer.Varint((ulong)_modules.Count);
        foreach (var ((module, source), tally) in _modules.OrderBy(pair => pair.Key.Module).ThenBy(pair => pair.Key.Source))
        {
            writer.Fixed64(module);
            writer.Byte((byte)source);
            writer.Varint(tally.Impressions);
            writer.Varint(tally.RewardMicros);
            writer.Varint(tally.LastAtMs);
        }
    }

    public static ChannelState ReadFrom(ref RecordReader reader)
    {
        var state = new ChannelState();
        for (var i = 0; i < state._groups.Length; i++)
            state._groups[i] = reader.Group();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            state._modules[(reader.Fixed64(), (TallySource)reader.Byte())] = new Tally(reader.Count(), reader.Count(), reader.Count());
        return state;
    }

    /// <summary>A version that has not been heard of for longest joins <see cref="ModuleTally.Retired"/>; nothing is lost from the totals.</summary>
    private void RetireOldest()
    {
        var oldest = _modules.Where(pair => pair.Key.Module != ModuleTally.Retired).MinBy(pair => (pair.Value.LastAtMs, pair.Key.Module));
        _modules.Remove(oldest.Key);
        var key = (ModuleTally.Retired, oldest.Key.Source);
        var retired = _modules.GetValueOrDefault(key);
        _modules[key] = retired.Plus(oldest.Value.Impressions, oldest.Value.RewardMicros, oldest.Value.LastAtMs);
    }

    private readonly record struct Tally(long Impressions, long RewardMicros, long LastAtMs)
    {
        public Tally Plus(long impressions, long rewardMicros, long atMs) =>
            new(Saturating.Add(Impressions, impressions), Saturating.Add(RewardMicros, rewardMicros), Math.Max(LastAtMs, atMs));
    }
}
