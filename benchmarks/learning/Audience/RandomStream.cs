using Flywheel.Decisions;


namespace Flywheel.Benchmarks.Learning.Audience;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) and the draws that the rivals need. Exact and still some 20 ns a gamma draw, so
/// that a Thompson sample for every arm at every impression is affordable.
/// </summary>
internal sealed class RandomStream(ulong state)
{
    private const int Layers = 128;
    private const double TailStart = 3.442619855899;
    private const double LayerArea = 9.91256303526217e-3;

    private static readonly double[] Edges = LayerEdges();
    private static readonly double[] Ratios = [.. Enumerable.Range(0, Layers).Select(i => Edges[i + 1] / Edges[i])];

    private ulong _state = state;

    public ulong Next() => Mixing.Spread(_state += 0x9E3779B97F4A7C15);

    /// <summary>In [0, 1).</summary>
    public double Unit() => Mixing.ToUnit(Next());

    /// <summary>A whole number in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)(Unit() * bound);

    /// <summary>Standard normal, by the ziggurat (Marsaglia and Tsang, 2000) as Doornik (2005) lays it out.</summary>
    public double Normal()
    {
        // The bound is nominal: 99 of 100 draws end in the first round.
        for (var round = 0; round < 1000; round++)
        {
            var bits = Next();
            var layer = (int)(bits & (Layers - 1));
            var u = 2 * Mixing.ToUnit(bits) - 1;
            if (Math.Abs(u) < Ratios[layer])
                return u * Edges[layer];
            if (layer == 0)
                return Math.CopySign(Tail(), u);
            var x = u * Edges[layer];
            var upper = Math.Exp(-0.5 * (Edges[layer] * Edges[layer] - x * x));
            var lower = Math.Exp(-0.5 * (Edges[layer + 1] * Edges[layer + 1] - x * x));
            if (lower + Unit() * (upper - lower) < 1)
                return x;
        }
        return 0;
    }

    /// <summary>Gamma with scale 1 and <paramref name="shape"/> ≥ 1 (Marsaglia and Tsang, ACM TOMS 2000).</summary>
    public double Gamma(double shape)
    {
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        // At least 95 % are accepted in a round.
        for (var round = 0; round < 1000; round++)
        {
            var x = Normal();
            var v = 1 + c * x;
            if (v <= 0)
                continue;
            v = v * v * v;
            var u = Unit();
            var square = x * x;
            if (u < 1 - 0.0331 * square * square || Math.Log(u) < 0.5 * square + d * (1 - v + Math.Log(v)))
                return d * v;
        }
        return d;
    }

    /// <summary>Beta, both parameters ≥ 1.</summary>
    public double Beta(double a, double b)
    {
        var x = Gamma(a);
        return x / (x + Gamma(b));
    }

    /// <summary>Beyond <see cref="TailStart"/> (Marsaglia, Technometrics 1964).</summary>
    private double Tail()
    {
        for (var round = 0; round < 1000; round++)
        {
            var x = -Math.Log(1 - Unit()) / TailStart;
            if (-2 * Math.Log(1 - Unit()) >= x * x)
                return TailStart + x;
        }
        return TailStart;
    }

    private static double[] LayerEdges()
    {
        var edges = new double[Layers + 1];
        var density = Math.Exp(-0.5 * TailStart * TailStart);
        edges[0] = LayerArea / density;
        edges[1] = TailStart;
        for (var i = 2; i < Layers; i++)
        {
            edges[i] = Math.Sqrt(-2 * Math.Log(LayerArea / edges[i - 1] + density));
            density = Math.Exp(-0.5 * edges[i] * edges[i]);
        }
        return edges;
    }
}
