using System.Buffers.Binary;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Signals;

namespace Flywheel.Grains.Tests;

/// <summary>Signals of consecutive decisions that served one module. Each segment has an issuer of its own, so none of its decisions is another's.</summary>
internal sealed record SignalBatch(PublishedCampaign Published, int From, int Count)
{
    public string Segment { get; init; } = Ids.DefaultSegment;
    public string Type { get; init; } = SignalTypes.Impression;
    public string Slot { get; init; } = "headline";
    public string Module { get; init; } = "h1";
    public int Version { get; init; } = 1;

    /// <summary>How long ago decisions were made and signals accepted.</summary>
    public TimeSpan Ago { get; init; }

    /// <summary>Entries of at most so many signals.</summary>
    public int EntrySize { get; init; } = EntryBuilder.MaxSignals;

    public async Task AppendAsync(SignalAppender appender) => Assert.Equal(AppendOutcome.Durable, await appender.AppendAsync(Entries()));

    public IReadOnlyList<PartitionEntry> Entries()
    {
        var nowMs = (TimeProvider.System.GetUtcNow() - Ago).ToUnixTimeMilliseconds();
        var (id, rules) = (TestEngine.IdOf(Published, Segment), RewardRules.From(Published.Campaign.Rewards));
        var module = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(module, PublishedCampaign.ModuleKey(Slot, Module, Version));
        var entries = new List<PartitionEntry>();
        foreach (var chunk in Enumerable.Range(From, Count).Chunk(EntrySize))
        {
            var builder = new EntryBuilder();
            foreach (var decision in chunk)
            {
                builder.Add(id, rules, new DecisionSignal
                {
                    Issuer = Mixing.Of($"{id}", id.Incarnation),
                    Counter = (ulong)decision,
                    IssuedAtMs = nowMs,
                    WindowSeconds = 3_600,
                    Group = Group.Learned,
                    Type = RewardRules.TypeKey(Type),
                    ModuleKeys = module,
                });
            }
            entries.Add(new PartitionEntry(id.PartitionOf(TestEngine.Partitions), chunk.Length, builder.Build(nowMs)));
        }
        return entries;
    }
}
