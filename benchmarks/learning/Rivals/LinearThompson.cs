using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>
/// Thompson sampling with a linear model of main effects (Agrawal and Goyal, ICML 2013): an intercept and one coefficient a
/// module, precision B = I + Σ x xᵀ, coefficients drawn from N(B⁻¹ Σ x r, v² B⁻¹). Their v keeps a bound in the worst case and
/// would explore for millions of impressions at rates of 1 %; here v² is the variance of a reward at the segment's running
/// rate, which makes the draw that of Bayesian regression.
/// </summary>
internal sealed class LinearThompson : IRival
{
    private readonly Layout _layout;
    private readonly RandomStream _random;
    private readonly State[] _segments;
    private readonly double[] _coefficients;
    private readonly double[] _row;
    private readonly int[] _arms;

    public LinearThompson(Layout layout, int segments, RandomStream random)
    {
        (_layout, _random) = (layout, random);
        var dimension = 1 + layout.Arms;
        _segments = [.. Enumerable.Range(0, segments).Select(_ => new State(dimension))];
        (_coefficients, _row, _arms) = (new double[dimension], new double[dimension], new int[layout.Slots.Length]);
    }

    public int Choose(int impression, int segment)
    {
        var state = _segments[segment];
        Draw(state);
        var first = 1;
        for (var slot = 0; slot < _arms.Length; slot++)
        {
            var best = first;
            for (var i = first + 1; i < first + _layout.Slots[slot]; i++)
                best = _coefficients[i] > _coefficients[best] ? i : best;
            _arms[slot] = best - 1;
            first += _layout.Slots[slot];
        }
        Shown(state);
        return _layout.CombinationOf(_arms);
    }

    public void Reward(int impression, int segment, int combination)
    {
        var state = _segments[segment];
        state.Earned++;
        _layout.ArmsOf(combination, _arms);
        state.Response[0]++;
        foreach (var arm in _arms)
            state.Response[arm + 1]++;
    }

    /// <summary>With B = L Lᵀ: the coefficients solve Lᵀ θ = L⁻¹ Σ x r + v z for standard normal z.</summary>
    private void Draw(State state)
    {
        var theta = _coefficients;
        var rate = (state.Earned + 1) / (state.Count + 2);
        var width = Math.Sqrt(rate * (1 - rate));
        for (var i = 0; i < theta.Length; i++)
        {
            var factor = state.Factor[i];
            var sum = state.Response[i];
            for (var j = 0; j < i; j++)
                sum -= factor[j] * _row[j];
            _row[i] = sum / factor[i];
            theta[i] = _row[i] + width * _random.Normal();
        }
        for (var i = theta.Length - 1; i >= 0; i--)
        {
            var factor = state.Factor[i];
            theta[i] /= factor[i];
            for (var j = 0; j < i; j++)
                theta[j] -= factor[j] * theta[i];
        }
    }

    /// <summary>B + x xᵀ by the rank-one update of its factor (Gill, Golub, Murray and Saunders, Math. Comp. 1974).</summary>
    private void Shown(State state)
    {
        state.Count++;
        Array.Clear(_row);
        _row[0] = 1;
        foreach (var arm in _arms)
            _row[arm + 1] = 1;
        for (var k = 0; k < _row.Length; k++)
        {
            if (_row[k] == 0)
                continue;
            var diagonal = state.Factor[k][k];
            var updated = Math.Sqrt(diagonal * diagonal + _row[k] * _row[k]);
            var (cosine, sine) = (updated / diagonal, _row[k] / diagonal);
            state.Factor[k][k] = updated;
            for (var i = k + 1; i < _row.Length; i++)
            {
                state.Factor[i][k] = (state.Factor[i][k] + sine * _row[i]) / cosine;
                _row[i] = cosine * _row[i] - sine * state.Factor[i][k];
            }
        }
    }

    /// <summary>A segment's impressions, rewards, Σ x r and lower factor of B.</summary>
    private sealed class State(int dimension)
    {
        public double[] Response { get; } = new double[dimension];

        public double[][] Factor { get; } = [.. Enumerable.Range(0, dimension).Select(i => Enumerable.Range(0, i + 1).Select(j => i == j ? 1.0 : 0).ToArray())];

        public double Count { get; set; }

        public double Earned { get; set; }
    }
}
