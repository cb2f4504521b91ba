using Flywheel.Domain.Experiments;

namespace Flywheel.Domain.Tests.Experiments;

/// <summary>Seeded impressions of a few arms, of which a <see cref="WinnerTest"/> sees every reward.</summary>
internal sealed record ArmWorld(double[] Rates, int Impressions)
{
    private const int RefitEvery = 500, Draws = 60;

    /// <summary>How an allocation follows from impressions and rewards so far; none is an even split.</summary>
    public Action<Random, double[], double[], double[]>? Allocate { get; init; }

    /// <summary>Mean impressions between a decision and its reward, exponentially distributed.</summary>
    public double Delay { get; init; }

    /// <summary>Thompson sampling on the rates, of which a fifth is an even split.</summary>
    public static void Thompson(Random random, double[] impressions, double[] rewards, double[] allocation)
    {
        Array.Fill(allocation, 0.2 / allocation.Length);
        for (var draw = 0; draw < Draws; draw++)
        {
            var (best, highest) = (0, double.NegativeInfinity);
            for (var arm = 0; arm < allocation.Length; arm++)
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                var rate = (rewards[arm] + 1 + Math.Sqrt(rewards[arm] + 1) * normal) / (impressions[arm] + 60);
                if (rate > highest)
                    (best, highest) = (arm, rate);
            }

            allocation[best] += 0.8 / Draws;
        }
    }

    /// <summary>An even split for 10,000 impressions, then a control group of a fifth beside the first arm.</summary>
    public static void FirstArmAfterTenThousand(Random random, double[] impressions, double[] rewards, double[] allocation)
    {
        Array.Fill(allocation, impressions.Sum() < 10_000 ? 1.0 / allocation.Length : 0.2 / allocation.Length);
        allocation[0] = 1 - allocation[1..].Sum();
    }

    /// <summary>The winner of one experiment, and the impression at which it was declared.</summary>
    public (int? Winner, int At) Run(int seed)
    {
        var random = new Random(seed);
        var test = new WinnerTest(Rates.Length);
        var (served, earned, allocation) = (new double[Rates.Length], new double[Rates.Length], new double[Rates.Length]);
        var late = new PriorityQueue<(double[] Allocation, int Arm), double>();
        for (var start = 0; start < Impressions; start += RefitEvery)
        {
            Array.Fill(allocation, 1.0 / Rates.Length);
            Allocate?.Invoke(random, served, earned, allocation);
            var kept = Delay > 0 ? [.. allocation] : allocation;
            var rate = allocation.Zip(Rates, (share, each) => share * each).Sum();
            // Impressions between two rewards are geometrically distributed.
            for (double at = start; (at += Gap(random, rate)) <= start + RefitEvery;)
            {
                var arm = Pick(random, allocation, rate);
                late.Enqueue((kept, arm), Delay > 0 ? at - Delay * Math.Log(1 - random.NextDouble()) : at);
                while (Delay == 0 && late.TryDequeue(out var reward, out _))
                    Give(reward);
                if (test.Winner is not null)
                    return (test.Winner, (int)at);
            }

            while (late.TryPeek(out _, out var due) && due <= start + RefitEvery)
                Give(late.Dequeue());
            for (var arm = 0; arm < Rates.Length; arm++)
                served[arm] += allocation[arm] * RefitEvery;
            if (test.Winner is not null)
                return (test.Winner, start + RefitEvery);
        }

        return (null, Impressions);

        void Give((double[] Allocation, int Arm) reward)
        {
            test.Observe(reward.Allocation, reward.Arm, 1);
            earned[reward.Arm]++;
        }
    }

    private static double Gap(Random random, double rate) => Math.Ceiling(Math.Log(1 - random.NextDouble()) / Math.Log(1 - rate));

    private int Pick(Random random, double[] allocation, double rate)
    {
        var left = random.NextDouble() * rate;
        for (var arm = 0; arm < Rates.Length - 1; arm++)
            if ((left -= allocation[arm] * Rates[arm]) < 0)
                return arm;
        return Rates.Length - 1;
    }
}
