using System.Collections.Immutable;
using System.Numerics;
using Flywheel.Decisions;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Column = MathNet.Numerics.LinearAlgebra.Vector<double>;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// Modules and pairs of a campaign whose combinations are few enough to be looked at one by one: the joint posterior of the level,
/// of every module's effect and of every pair's, by Laplace's approximation of a Poisson model on the combinations (main effects
/// and pairwise interactions as in Hill et al., KDD 2017). Unlike one slot after the other, it knows that a module which did well
/// in good company may owe it to the company.
/// </summary>
/// <remarks>
/// Rewards by module and by pair are all it needs of them. Impressions by combination are worked out from those by pair by iterative
/// proportional fitting (Deming and Stephan 1940). Cost: a few Cholesky decompositions, and effects² ÷ 2 an entry of the table.
/// </remarks>
internal sealed class JointEffects
{
    /// <summary>Modules and pairs; combinations are then 192 at most.</summary>
    public const int MaxEffects = 99;

    /// <summary>Beyond, a decomposition in double precision is no longer safe, and nothing is left to learn.</summary>
    private const double MostRewards = 1e9;

    /// <summary>
    /// Draws are this many times narrower in variance than the posterior, and narrower by the root of the rewards: what there is to gain
    /// from exploring shrinks as they come. Found by search on worlds of two and three slots (docs/learning.md).
    /// </summary>
    private const double Narrowing = 3;
    private const double NarrowingRewards = 100;

    /// <summary>Standard deviations by which a combination's mean is raised.</summary>
    private const double Optimism = 0.6;

    /// <summary>Pairs that the archive's width is worth when the campaign's own speak.</summary>
    public const double WidthStrength = 30;

    private const double LevelVariance = 4;
    private const int Sweeps = 5;
    private const int NewtonRounds = 12;
    private const double NewtonEnd = 0.01;

    private readonly PairTable _table;
    private readonly int[] _starts;
    private readonly int[][] _effects;
    private readonly double[] _means;
    private readonly float[] _factor;
    private readonly float[] _diagonal;
    private readonly double _total;

    private JointEffects(PairTable table, EffectPrior[][] priors, EffectWidths widths, double level, SlotFit[] first)
    {
        _table = table;
        _starts = new int[table.Slots + 1];
        _starts[0] = 1;
        for (var slot = 0; slot < table.Slots; slot++)
            _starts[slot + 1] = _starts[slot] + table.SizeOf(slot);
        _effects = [.. Enumerable.Range(0, CombinationsOf(priors)).Select(EffectsOf)];
        var expected = new double[_starts[^1] + table.Count];
        var precision = new double[expected.Length];
        (expected[0], precision[0]) = (level, 1 / LevelVariance);
        for (var slot = 0; slot < table.Slots; slot++)
        {
            for (var i = 0; i < priors[slot].Length; i++)
                (expected[_starts[slot] + i], precision[_starts[slot] + i]) = (priors[slot][i].Mean, 1 / priors[slot][i].Variance);
        }
        var width = widths.Pair * widths.Pair;
        Array.Fill(precision, 1 / width, _starts[^1], table.Count);
        _means = [first[0].Level, .. first.SelectMany(slot => slot.Means), .. new double[table.Count]];
        var rewards = Rewards();
        _total = rewards[0];
        var impressions = Impressions();
        // One step of EM on the width of the pairs' effects.
        Array.Fill(precision, 1 / WidthOf(Solve(impressions, rewards, expected, precision), width), _starts[^1], table.Count);
        (_factor, _diagonal) = Transpose(Solve(impressions, rewards, expected, precision).Factor);
    }

    /// <summary>Null where there is one slot, where effects are too many, and where modules have been replaced that were served much.</summary>
    /// <param name="level">The level expected beforehand.</param>
    /// <param name="first">A fit of each slot by itself: where to start from.</param>
    public static JointEffects? Of(Exposure exposure, PairTable table, EffectPrior[][] priors, EffectWidths widths, double level, SlotFit[] first) =>
        priors.Length > 1 && table.Count + priors.Sum(slot => slot.Length) <= MaxEffects && table.IsWhole(exposure) && table.Rewards.Sum() <= MostRewards
            ? new JointEffects(table, priors, widths, level, first)
            : null;

    /// <summary>Pairs that the evidence knows for sure: each counts by how much narrower its posterior is than its prior.</summary>
    public double PairsKnown { get; private set; }

    /// <summary>Sum of the squared effects of pairs, under the width given.</summary>
    public double PairSquares { get; private set; }

    /// <summary>The best combination of each entry of the table.</summary>
    /// <param name="moved">By slot and module: how far its effect has moved from what all of the past says, and how sure that is.</param>
    public void Draw(Span<ulong> draws, EffectPrior[][] moved, ImmutableArray<ImmutableArray<ulong>> modules, ulong seed)
    {
        var narrow = (float)(1 / Math.Sqrt(Narrowing * Math.Sqrt(1 + _total / NarrowingRewards)));
        var raised = Raised(moved);
        var combinations = Enumerable.Range(0, _effects.Length).Select(Pack).ToArray();
        var offsets = OffsetsOf(modules, seed);
        var movements = modules.SelectMany((slot, s) => slot.Select((key, i) => (Sd: (float)Math.Sqrt(moved[s][i].Variance), Offset: Drawing.OffsetOf(~key, seed)))).ToArray();
        Span<Vector<float>> drawn = stackalloc Vector<float>[_means.Length];
        for (var entry = 0; entry < draws.Length; entry += Vector<float>.Count)
        {
            // The draw is L⁻ᵀz: from the last effect back to the first, for as many entries at once as fit a vector.
            for (var effect = drawn.Length - 1; effect >= 0; effect--)
            {
                var sum = new Vector<float>(Drawing.From(offsets[effect] + entry));
                var row = _factor.AsSpan(effect * drawn.Length, drawn.Length);
                for (var later = effect + 1; later < row.Length; later++)
                    sum -= row[later] * drawn[later];
                drawn[effect] = sum * (1 / _diagonal[effect]);
            }
            for (var module = 0; module < movements.Length; module++)
                drawn[1 + module] += movements[module].Sd * new Vector<float>(Drawing.From(movements[module].Offset + entry));
            var (best, winner) = (new Vector<float>(float.NegativeInfinity), Vector<int>.Zero);
            for (var at = 0; at < raised.Length; at++)
            {
                var sum = Vector<float>.Zero;
                foreach (var effect in _effects[at].AsSpan(1))
                    sum += drawn[effect];
                sum = new Vector<float>(raised[at]) + narrow * sum;
                var better = Vector.GreaterThan(sum, best);
                (best, winner) = (Vector.ConditionalSelect(better, sum, best), Vector.ConditionalSelect(better, new Vector<int>(at), winner));
            }
            for (var lane = 0; lane < Vector<float>.Count; lane++)
                draws[entry + lane] = combinations[winner[lane]];
        }
    }

    private static int CombinationsOf(EffectPrior[][] priors) => priors.Aggregate(1, (product, slot) => product * slot.Length);

    /// <summary>The places of what a combination's log rate is the sum of: the level, its modules, its pairs.</summary>
    private int[] EffectsOf(int combination)
    {
        var modules = ModulesOf(combination);
        var effects = new List<int> { 0 };
        for (var slot = 0; slot < modules.Length; slot++)
            effects.Add(_starts[slot] + modules[slot]);
        for (var first = 0; first < modules.Length; first++)
        {
            for (var second = first + 1; second < modules.Length; second++)
                effects.Add(_starts[^1] + _table.At(first, modules[first], second, modules[second]));
        }
        return [.. effects];
    }

    private int[] ModulesOf(int combination)
    {
        var modules = new int[_table.Slots];
        for (var slot = modules.Length - 1; slot >= 0; combination /= _table.SizeOf(slot--))
            modules[slot] = combination % _table.SizeOf(slot);
        return modules;
    }

    private ulong Pack(int combination)
    {
        var (modules, packed) = (ModulesOf(combination), 0UL);
        for (var slot = 0; slot < modules.Length; slot++)
            packed = Combination.With(packed, slot, modules[slot]);
        return packed;
    }

    private double[] Impressions()
    {
        var impressions = new double[_effects.Length];
        Array.Fill(impressions, 1.0);
        var scale = new double[_means.Length];
        var pairsBegin = 1 + _table.Slots;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var pair = pairsBegin; pair < _effects[0].Length; pair++)
            {
                Array.Clear(scale);
                for (var at = 0; at < impressions.Length; at++)
                    scale[_effects[at][pair]] += impressions[at];
                for (var at = 0; at < impressions.Length; at++)
                {
                    var effect = _effects[at][pair];
                    impressions[at] = scale[effect] > 0 ? impressions[at] / scale[effect] * _table.Impressions[effect - _starts[^1]] : 0;
                }
            }
        }
        return impressions;
    }

    /// <summary>Rewards by effect. A module's are the mean over its pairs with each other slot, which differ only where modules have been replaced.</summary>
    private double[] Rewards()
    {
        var rewards = new double[_means.Length];
        for (var first = 0; first < _table.Slots; first++)
        {
            for (var second = first + 1; second < _table.Slots; second++)
            {
                for (var i = 0; i < _table.SizeOf(first); i++)
                {
                    for (var j = 0; j < _table.SizeOf(second); j++)
                    {
                        var at = _table.At(first, i, second, j);
                        var earned = _table.Rewards[at];
                        rewards[_starts[^1] + at] = earned;
                        rewards[_starts[first] + i] += earned / (_table.Slots - 1);
                        rewards[_starts[second] + j] += earned / (_table.Slots - 1);
                        rewards[0] += earned * 2 / (_table.Slots * (_table.Slots - 1));
                    }
                }
            }
        }
        return rewards;
    }

    private double WidthOf(Cholesky<double> posterior, double width)
    {
        var pairs = _means.Length - _starts[^1];
        var unit = Matrix.Build.Dense(_means.Length, pairs, (row, pair) => row == _starts[^1] + pair ? 1 : 0);
        var variances = posterior.Solve(unit);
        var (sum, spread) = (WidthStrength * width, 0.0);
        for (var pair = 0; pair < pairs; pair++)
        {
            var mean = _means[_starts[^1] + pair];
            sum += mean * mean + variances[_starts[^1] + pair, pair];
            PairSquares += mean * mean;
            spread += variances[_starts[^1] + pair, pair];
        }
        PairsKnown = Math.Max(0, pairs - spread / width);
        return sum / (WidthStrength + pairs);
    }

    /// <summary>Newton's method; the decomposed precision of the posterior.</summary>
    private Cholesky<double> Solve(double[] impressions, double[] rewards, double[] expected, double[] precision)
    {
        var length = _means.Length;
        var (hessian, gradient) = (new double[length * length], new double[length]);
        for (var round = 0; ; round++)
        {
            Array.Clear(hessian);
            for (var effect = 0; effect < length; effect++)
            {
                gradient[effect] = rewards[effect] - precision[effect] * (_means[effect] - expected[effect]);
                hessian[effect * length + effect] = precision[effect];
            }
            for (var at = 0; at < _effects.Length; at++)
            {
                if (impressions[at] <= 0)
                    continue;
                var mean = impressions[at] * Math.Exp(LogRateOf(at));
                foreach (var row in _effects[at])
                {
                    gradient[row] -= mean;
                    foreach (var column in _effects[at])
                        hessian[row * length + column] += mean;
                }
            }
            var cholesky = Matrix.Build.Dense(length, length, hessian).Cholesky();
            var step = cholesky.Solve(Column.Build.Dense(gradient));
            var most = step.AbsoluteMaximum();
            if (most < NewtonEnd || round == NewtonRounds)
                return cholesky;
            for (var effect = 0; effect < length; effect++)
                _means[effect] += step[effect] / Math.Max(1, most);
        }
    }

    private double LogRateOf(int combination)
    {
        var log = 0.0;
        foreach (var effect in _effects[combination])
            log += _means[effect];
        return log;
    }

    /// <summary>By combination, its log rate raised by its standard deviation ‖L⁻¹x‖.</summary>
    private float[] Raised(EffectPrior[][] moved)
    {
        var raised = new float[_effects.Length];
        var solved = new float[_means.Length];
        for (var at = 0; at < raised.Length; at++)
        {
            Array.Clear(solved);
            foreach (var effect in _effects[at])
                solved[effect] = 1;
            var (log, variance) = (LogRateOf(at), 0.0);
            for (var effect = 0; effect < solved.Length; effect++)
            {
                var value = solved[effect] /= _diagonal[effect];
                variance += value * value;
                var row = _factor.AsSpan(effect * solved.Length, solved.Length);
                for (var later = effect + 1; later < row.Length; later++)
                    solved[later] -= row[later] * value;
            }
            var modules = ModulesOf(at);
            for (var slot = 0; slot < modules.Length; slot++)
                (log, variance) = (log + moved[slot][modules[slot]].Mean, variance + moved[slot][modules[slot]].Variance);
            raised[at] = (float)(log + Optimism * Math.Sqrt(variance));
        }
        return raised;
    }

    /// <summary>Where the random numbers of each effect begin.</summary>
    private int[] OffsetsOf(ImmutableArray<ImmutableArray<ulong>> modules, ulong seed)
    {
        var offsets = new int[_means.Length];
        offsets[0] = Drawing.OffsetOf(0, seed);
        for (var first = 0; first < modules.Length; first++)
        {
            for (var i = 0; i < modules[first].Length; i++)
            {
                offsets[_starts[first] + i] = Drawing.OffsetOf(modules[first][i], seed);
                for (var second = first + 1; second < modules.Length; second++)
                {
                    for (var j = 0; j < modules[second].Length; j++)
                        offsets[_starts[^1] + _table.At(first, i, second, j)] = Drawing.OffsetOfPair(modules[first][i], modules[second][j], seed);
                }
            }
        }
        return offsets;
    }

    /// <summary>The transpose of a Cholesky factor in rows, and its diagonal.</summary>
    private static (float[] Rows, float[] Diagonal) Transpose(Matrix factor)
    {
        var length = factor.RowCount;
        var (rows, diagonal) = (new float[length * length], new float[length]);
        for (var row = 0; row < length; row++)
        {
            diagonal[row] = (float)factor[row, row];
            for (var later = row + 1; later < length; later++)
                rows[row * length + later] = (float)factor[later, row];
        }
        return (rows, diagonal);
    }
}
