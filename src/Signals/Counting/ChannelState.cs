using System.Buffers;
using System.Runtime.InteropServices;
using Flywheel.Domain.Learning;

namespace Flywheel.Signals;

/// <summary>The counts of one channel of a segment while they change.</summary>
internal sealed class ChannelState
{
    /// <summary>Versions of modules counted apart: four times the most that can be in force, per source.</summary>
    public const int MaxModules = 1_024;

    /// <summary>Issuers whose decisions are counted apart; the rest is summed up.</summary>
    private const int MaxIssuers = 16;

    private readonly GroupTally[] _groups = new GroupTally[3];
    private readonly Dictionary<(ulong Module, TallySource Source), Tally> _modules = [];
    private readonly List<Served> _served = [];

    /// <summary>Adds to a module of one source.</summary>
    public void AddModule(ulong module, TallySource source, long impressions, long rewardMicros, long atMs)
    {
        if (!_modules.ContainsKey((module, source)) && _modules.Count >= MaxModules)
            RetireOldest();
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_modules, (module, source), out _);
        tally = new Tally(tally.Impressions + impressions, tally.RewardMicros + rewardMicros, Math.Max(tally.LastAtMs, atMs));
    }

    public void AddTotal(TallySource source, long impressions, long rewardMicros) =>
        _groups[(int)source] += new GroupTally(0, impressions, rewardMicros);

    /// <summary>Takes an issuer's absolute figures; lower ones than before are old news.</summary>
    public void SetServed(ulong issuer, long learned, long control)
    {
        var index = _served.FindIndex(served => served.Issuer == issuer);
        if (index < 0)
        {
            if (_served.Count >= MaxIssuers)
            {
                AddDecisions(_served[0].Learned, _served[0].Control);
                _served.RemoveAt(0);
            }
            _served.Add(new Served(issuer, learned, control));
        }
        else
        {
            _served[index] = new Served(issuer, Math.Max(_served[index].Learned, learned), Math.Max(_served[index].Control, control));
        }
    }

    public ChannelTally ToTally(string channel)
    {
        var learned = _groups[(int)TallySource.Learned] with { Decisions = _groups[(int)TallySource.Learned].Decisions + _served.Sum(served => served.Learned) };
        var control = _groups[(int)TallySource.Control] with { Decisions = _groups[(int)TallySource.Control].Decisions + _served.Sum(served => served.Control) };
        return new ChannelTally(channel, learned, control, _groups[(int)TallySource.Observed],
            [.. _modules.Select(pair => new ModuleTally(pair.Key.Module, pair.Key.Source, pair.Value.Impressions, pair.Value.RewardMicros))]);
    }

    public void WriteTo(ArrayBufferWriter<byte> writer)
    {
        foreach (var group in _groups)
            writer.Group(group);
        writer.Varint((ulong)_served.Count);
        foreach (var served in _served)
        {
            writer.Fixed64(served.Issuer);
            writer.Varint(served.Learned);
            writer.Varint(served.Control);
        }
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
            state._served.Add(new Served(reader.Fixed64(), reader.Count(), reader.Count()));
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            state._modules[(reader.Fixed64(), (TallySource)reader.Byte())] = new Tally(reader.Count(), reader.Count(), reader.Count());
        return state;
    }

    private void AddDecisions(long learned, long control)
    {
        _groups[(int)TallySource.Learned] += new GroupTally(learned, 0, 0);
        _groups[(int)TallySource.Control] += new GroupTally(control, 0, 0);
    }

    /// <summary>A version that has not been heard of for longest joins <see cref="ModuleTally.Retired"/>; nothing is lost from the totals.</summary>
    private void RetireOldest()
    {
        var oldest = _modules.Where(pair => pair.Key.Module != ModuleTally.Retired).MinBy(pair => (pair.Value.LastAtMs, pair.Key.Module));
        _modules.Remove(oldest.Key);
        var key = (ModuleTally.Retired, oldest.Key.Source);
        var retired = _modules.GetValueOrDefault(key);
        _modules[key] = new Tally(retired.Impressions + oldest.Value.Impressions, retired.RewardMicros + oldest.Value.RewardMicros, oldest.Value.LastAtMs);
    }

    private readonly record struct Tally(long Impressions, long RewardMicros, long LastAtMs);

    private readonly record struct Served(ulong Issuer, long Learned, long Control);
}
