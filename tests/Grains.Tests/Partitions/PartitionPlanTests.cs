using CsCheck;
using Flywheel.Grains.Partitions;

namespace Flywheel.Grains.Tests.Partitions;

public sealed class PartitionPlanTests
{
    private static readonly Gen<(int Partitions, string[] Silos)> Clusters =
        from partitions in Gen.Int[1, 64]
        from silos in Gen.Int[1, 12]
        from seed in Gen.Int[0, 1_000_000]
        select (partitions, Enumerable.Range(0, silos).Select(silo => $"S10.0.{seed % 251}.{silo}:11111@{seed}").ToArray());

    [Fact]
    public void Of_AnySilos_GivesEachNearlyTheSame() => Clusters.Sample(cluster =>
    {
        var load = PartitionPlan.Of(cluster.Partitions, cluster.Silos).CountBy(silo => silo).ToDictionary();
        Assert.Equal(cluster.Partitions, load.Values.Sum());
        Assert.True(load.Values.Max() <= (cluster.Partitions + cluster.Silos.Length - 1) / cluster.Silos.Length);
    });

    [Fact]
    public void Of_SilosInAnotherOrder_IsTheSamePlan() => Clusters.Sample(cluster =>
    {
        string[] turned = [.. cluster.Silos.Reverse()];
        Assert.Equal(
            PartitionPlan.Of(cluster.Partitions, cluster.Silos).Select(silo => cluster.Silos[silo]),
            PartitionPlan.Of(cluster.Partitions, turned).Select(silo => turned[silo]));
    });

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Of_OneSiloFewer_MovesFewBeyondItsOwn(int silos)
    {
        const int partitions = 64;
        var moved = 0.0;
        const int clusters = 200;
        for (var seed = 0; seed < clusters; seed++)
        {
            string[] all = [.. Enumerable.Range(0, silos).Select(silo => $"S127.0.0.1:{silo}@{seed}")];
            string[] left = all[..^1];
            var (before, after) = (PartitionPlan.Of(partitions, all), PartitionPlan.Of(partitions, left));
            moved += Enumerable.Range(0, partitions).Count(partition => before[partition] != silos - 1 && all[before[partition]] != left[after[partition]]);
        }
        // A plan without memory, such as a remainder, would move most of them.
        Assert.True(moved / clusters < partitions / 4.0, $"{moved / clusters} of {partitions} partitions of silos that stayed moved");
    }
}
