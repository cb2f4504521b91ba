using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Tests.Learning;

public sealed class EvidenceTableTests
{
    [Fact]
    public void Add_ManyDecisions_KeepsAllCountsInFewBuckets()
    {
        var evidence = new Timeline(1, 3).Serve(200_000, [0.5, 0.3, 0.2], served => 0.02 * (1 + served[0])).Evidence();

        Assert.InRange(evidence.Buckets.Length, 10, EvidenceTable.MaxBuckets);
        Assert.Equal(200_000, evidence.Buckets.Sum(bucket => bucket.Impressions));
        Assert.Equal(200_000, evidence.Buckets.Sum(bucket => bucket.ModuleImpressions.Sum()));
        Assert.All(evidence.Buckets, bucket => Assert.Equal(bucket.RewardMicros, bucket.ModuleRewardMicros.Sum()));
        Assert.Equal(evidence.Buckets.Order(Comparer<EvidenceBucket>.Create((a, b) => a.StartMs.CompareTo(b.StartMs))), evidence.Buckets);
        Assert.True(evidence.Buckets[^1].Impressions <= 0.03 * 200_000, "the present is finer than the past");
    }

    [Fact]
    public void Add_RewardThatComesLate_JoinsTheBucketOfItsDecision()
    {
        var table = new EvidenceTable();
        for (var i = 0; i < 5_000; i++)
            table.Add([7], 1, 0, i * 10, i * 10);

        table.Add([7], 0, Rewards.Micro, 100, 60_000);

        var evidence = table.ToEvidence();
        Assert.Equal(Rewards.Micro, evidence.Buckets[0].RewardMicros);
        Assert.Equal(0, evidence.Buckets.Skip(1).Sum(bucket => bucket.RewardMicros));
        Assert.Equal(1, evidence.Delays[DelayBins.Of(59_900)]);
        Assert.Equal(60_000, evidence.AsOfMs);
    }

    [Fact]
    public void Add_SeveralSlots_CountsEachPairOnce()
    {
        var table = new EvidenceTable();
        table.Add([1, 2, 3], 1, 0, 10, 10);
        table.Add([1, 2, 4], 1, Rewards.Micro, 20, 20);

        var pairs = table.ToEvidence() is var evidence ? evidence.Pairs.ToDictionary(pair => (evidence.Modules[pair.First], evidence.Modules[pair.Second])) : [];

        Assert.Equal([(1UL, 2UL), (1UL, 3UL), (1UL, 4UL), (2UL, 3UL), (2UL, 4UL)], pairs.Keys.Order().ToArray());
        Assert.Equal((2, Rewards.Micro), (pairs[(1, 2)].Impressions, pairs[(1, 2)].RewardMicros));
        Assert.Equal((1, 0), (pairs[(2, 3)].Impressions, pairs[(2, 3)].RewardMicros));
    }

    [Fact]
    public void Add_MorePairsThanAreKept_KeepsNoneAndGoesOn()
    {
        var table = new EvidenceTable();
        for (var i = 0UL; i < 100; i++)
        {
            for (var j = 0UL; j < 50; j++)
                table.Add([i, 1_000 + j], 1, 0, 10, 10);
        }

        Assert.Empty(table.ToEvidence().Pairs);
        Assert.Equal(5_000, table.ToEvidence().Buckets.Sum(bucket => bucket.Impressions));
    }

    [Fact]
    public void Add_MoreModulesThanAreKept_ForgetsTheOldestOnes()
    {
        var table = new EvidenceTable();
        for (var i = 0; i < EvidenceTable.MaxModules + 10; i++)
        {
            for (var n = 0; n < 30; n++)
                table.Add([(ulong)i], 1, 0, i * 1_000 + n, i * 1_000 + n);
        }

        var evidence = table.ToEvidence();

        Assert.Equal(EvidenceTable.MaxModules, evidence.Modules.Length);
        Assert.Contains((ulong)EvidenceTable.MaxModules + 9, evidence.Modules);
        Assert.DoesNotContain(0UL, evidence.Modules);
    }

    [Fact]
    public void EvidenceTable_FromItsEvidence_GoesOnAsIfItHadNeverStopped()
    {
        var (whole, first) = (new EvidenceTable(), new EvidenceTable());
        Fill(whole, 0, 6_000);
        Fill(first, 0, 3_000);

        var second = new EvidenceTable(first.ToEvidence());
        Fill(second, 3_000, 6_000);

        Assert.Equivalent(whole.ToEvidence(), second.ToEvidence(), strict: true);
    }

    private static void Fill(EvidenceTable table, int from, int to)
    {
        for (var i = from; i < to; i++)
            table.Add([(ulong)(i % 3), 10 + (ulong)(i % 2)], 1, i % 50 == 0 ? Rewards.Micro : 0, i, i + 300);
    }
}
