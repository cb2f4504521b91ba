namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// One account of a slot's past: that nothing has changed since a certain bucket. What it says of each module is fitted to the
/// evidence since then, from what was believed before.
/// </summary>
internal sealed class Regime
{
    private const int ColdRounds = 6;
    private const int WarmRounds = 2;

    private readonly EffectPrior[] _priors;
    private readonly double _anchor;
    private readonly double _anchorRewards;
    private readonly double[] _exposures;
    private readonly double[] _rewards;
    private double _total;
    private double _evidence;

    /// <param name="priors">What is expected of each module as it begins.</param>
    /// <param name="anchor">The level expected, a log rate.</param>
    /// <param name="anchorRewards">What that is worth, in rewards.</param>
    /// <param name="weight">Its probability.</param>
    public Regime(EffectPrior[] priors, double anchor, double anchorRewards, double weight)
    {
        (_priors, _anchor, _anchorRewards, Weight) = (priors, anchor, anchorRewards, weight);
        (_exposures, _rewards) = (new double[priors.Length], new double[priors.Length]);
        Means = Array.ConvertAll(priors, prior => prior.Mean);
        Variances = Array.ConvertAll(priors, prior => prior.Variance);
        (Level, LevelPrecision) = (anchor, anchorRewards);
        _evidence = LogEvidence();
    }

    private Regime(Regime other)
    {
        (_priors, _anchor, _anchorRewards, Weight) = (other._priors, other._anchor, other._anchorRewards, other.Weight);
        (_exposures, _rewards, Means, Variances) = ([.. other._exposures], [.. other._rewards], [.. other.Means], [.. other.Variances]);
        (Level, LevelPrecision, _total, _evidence) = (other.Level, other.LevelPrecision, other._total, other._evidence);
    }

    public double Weight { get; set; }

    public double[] Means { get; }

    public double[] Variances { get; }

    public double Level { get; private set; }

    public double LevelPrecision { get; private set; }

    public Regime Copy() => new(this);

    /// <summary>Takes a bucket in.</summary>
    /// <returns>The log of how well it was foretold, up to a term that is the same for all regimes.</returns>
    public double Observe(ReadOnlySpan<double> exposures, ReadOnlySpan<double> rewards)
    {
        var came = 0.0;
        for (var i = 0; i < _exposures.Length; i++)
        {
            _exposures[i] += exposures[i];
            _rewards[i] += rewards[i];
            came += exposures[i];
        }
        _total += came;
        // Where most of what there is to fit is new, the last answer is no better a start than none.
        var isCold = 2 * came > _total;
        if (isCold)
            Level = EffectSolver.Start(_exposures, _rewards, _priors, _anchor, _anchorRewards, Means);
        var level = Level;
        LevelPrecision = EffectSolver.Solve(_exposures, _rewards, _priors, _anchor, _anchorRewards, isCold ? ColdRounds : WarmRounds, Means, Variances, ref level);
        Level = level;
        var before = _evidence;
        _evidence = LogEvidence();
        return _evidence - before;
    }

    /// <summary>The log of the marginal likelihood of all rewards so far by Laplace's approximation, up to terms of the counts alone.</summary>
    private double LogEvidence()
    {
        var rate = Math.Exp(Level);
        var log = _anchorRewards * Level - _anchorRewards * Math.Exp(Level - _anchor);
        var determinant = LevelPrecision;
        for (var i = 0; i < _priors.Length; i++)
        {
            var expected = _exposures[i] * rate * Math.Exp(Means[i]);
            var off = Means[i] - _priors[i].Mean;
            log += _rewards[i] * (Level + Means[i]) - expected - 0.5 * off * off / _priors[i].Variance;
            determinant *= 1 + expected * _priors[i].Variance;
            if (determinant > 1e200)
                (log, determinant) = (log - 0.5 * Math.Log(determinant), 1);
        }
        return log - 0.5 * Math.Log(determinant);
    }
}
