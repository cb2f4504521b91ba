using Flywheel.Decisions;


namespace Flywheel.Grains.Partitions;

/// <summary>
/// Which silo owns which partition: rendezvous hashing (Thaler and Ravishankar 1998) with a bound on what one silo gets, so that all
/// get nearly the same, every silo works out the same, and few partitions move when a silo comes or goes.
/// </summary>
public static class PartitionPlan
{
    /// <summary>The silo of each partition, as its place in <paramref name="silos"/>.</summary>
    /// <param name="partitions">How many there are.</param>
    /// <param name="silos">The silos' names, each once, in any order; at least one.</param>
    public static int[] Of(int partitions, IReadOnlyList<string> silos)
    {
        var most = (partitions + silos.Count - 1) / silos.Count;
        var load = new int[silos.Count];
        var owners = new int[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            var best = -1;
            for (var silo = 0; silo < silos.Count; silo++)
            {
                if (load[silo] < most && (best < 0 || IsBefore(silos[silo], silos[best], partition)))
                    best = silo;
            }
            owners[partition] = best;
            load[best]++;
        }
        return owners;
    }

    private static bool IsBefore(string silo, string other, int partition) =>
        (WeightOf(silo, partition), silo).CompareTo((WeightOf(other, partition), other)) > 0;

    private static ulong WeightOf(string silo, int partition) => Mixing.Spread(Mixing.Of(silo) ^ Mixing.Spread((ulong)partition));
}
