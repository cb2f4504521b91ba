namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// How far back to look, and what moved. Before every bucket of time the modules of a slot may have changed in what they do, or
/// the level of all of them may have (season, time of day, an outage of the tracking); each such account of the past is a
/// <see cref="Regime"/>, and counts as much as it has foretold what came. Bayesian online changepoint detection (Adams and
/// MacKay 2007) with two kinds of change, on the buckets of <see cref="Evidence.EvidenceTable"/>.
/// </summary>
/// <remarks>
/// A fall in the rate of the module that has most of the traffic is either its own or everybody's. Both accounts stay in force until the other
/// modules' rates tell them apart, and the uncertainty between them is what makes the policy look. Cost of a bucket: regimes × modules.
/// </remarks>
internal sealed class RegimeFilter
{
    /// <summary>
    /// Chance that modules change, by impression, once an audience has had <see cref="WearOutImpressions"/> to tire of what it sees;
    /// less before, and where rewards are rare. At most <see cref="ModulesPerBucket"/> a bucket: buckets grow with the history, so
    /// that what has been stable for long is expected to stay so for long.
    /// </summary>
    private const double ModulesPerImpression = 8e-5;
    private const double WearOutImpressions = 20_000;
    private const double ModulesPerReward = 0.03;
    private const double ModulesPerBucket = 0.08;

    /// <summary>Levels change this many times as often.</summary>
    private const double LevelRatio = 3;

    /// <summary>By how much a level changes: standard deviation of its log.</summary>
    private const double LevelSd = 0.3;

    /// <summary>The chance that a module is among those that change; it then starts from what was expected of it at first.</summary>
    private const double Touched = 0.7;

    /// <summary>Odds, before any evidence, that anything ever changes in a slot.</summary>
    private const double MovingOdds = 0.05;

    /// <summary>
    /// Accounts kept. The least likely one, but for the two newest, gives its weight to the one next older; the oldest, in which nothing has
    /// changed, to the one next younger. What becomes of <see cref="_still"/> does not depend on it.
    /// </summary>
    private const int MaxRegimes = 28;

    private readonly EffectPrior[] _priors;
    private readonly List<Regime> _regimes;
    private readonly Regime _still;
    private double _foretold;
    private double _lastImpressions;
    private double _impressions;

    /// <param name="priors">What to expect of each module.</param>
    /// <param name="level">The level expected, a log rate.</param>
    /// <param name="levelRewards">What that is worth, in rewards.</param>
    public RegimeFilter(EffectPrior[] priors, double level, double levelRewards)
    {
        _priors = priors;
        _regimes = [new Regime(priors, level, levelRewards, 1)];
        _still = new Regime(priors, level, levelRewards, 1);
    }

    private RegimeFilter(RegimeFilter other)
    {
        (_priors, _lastImpressions, _impressions) = (other._priors, other._lastImpressions, other._impressions);
        _regimes = other._regimes.ConvertAll(regime => regime.Copy());
        (_still, _foretold) = (other._still.Copy(), other._foretold);
    }

    public RegimeFilter Copy() => new(this);

    /// <summary>Takes the next bucket in.</summary>
    /// <param name="impressions">All its impressions.</param>
    /// <param name="dispersion">How many times more its rewards vary than counts do, 1 or more: it foretells as much less (quasi-likelihood).</param>
    /// <param name="exposures">By module, its impressions as far as they count.</param>
    /// <param name="rewards">By module.</param>
    public void Observe(double impressions, double dispersion, ReadOnlySpan<double> exposures, ReadOnlySpan<double> rewards)
    {
        if (_lastImpressions > 0)
            Branch();
        _lastImpressions = impressions;
        _impressions += impressions;
        Span<double> logs = stackalloc double[_regimes.Count];
        var most = double.NegativeInfinity;
        for (var at = 0; at < logs.Length; at++)
            most = Math.Max(most, logs[at] = Math.Log(_regimes[at].Weight) + _regimes[at].Observe(exposures, rewards) / dispersion);
        var total = 0.0;
        for (var at = 0; at < logs.Length; at++)
            total += _regimes[at].Weight = Math.Exp(logs[at] - most);
        foreach (var regime in _regimes)
            regime.Weight /= total;
        _foretold += most + Math.Log(total) - _still.Observe(exposures, rewards) / dispersion;
    }

    /// <summary>What all accounts together say: the mean and the variance of their mixture.</summary>
    public SlotBelief Believe()
    {
        var (level, levelSquare) = (0.0, 0.0);
        var (means, variances) = (new double[_priors.Length], new double[_priors.Length]);
        foreach (var regime in _regimes)
        {
            level += regime.Weight * regime.Level;
            levelSquare += regime.Weight * (regime.Level * regime.Level + 1 / regime.LevelPrecision);
            for (var i = 0; i < means.Length; i++)
            {
                means[i] += regime.Weight * regime.Means[i];
                variances[i] += regime.Weight * (regime.Means[i] * regime.Means[i] + regime.Variances[i]);
            }
        }
        for (var i = 0; i < means.Length; i++)
            variances[i] = Math.Max(1e-12, variances[i] - means[i] * means[i]);
        return new SlotBelief(level, Math.Max(1e-12, levelSquare - level * level), means, variances) { Moving = 1 / (1 + Math.Exp(-_foretold) / MovingOdds) };
    }

    /// <summary>Adds the accounts in which something changes now.</summary>
    private void Branch()
    {
        var now = Believe();
        var modules = ModulesChange();
        foreach (var regime in _regimes)
            regime.Weight *= 1 - modules * (1 + LevelRatio);
        _regimes.Add(new Regime(Unsettled(now), now.Level, 1 / now.LevelVariance, modules));
        var kept = new EffectPrior[_priors.Length];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = new EffectPrior(now.Means[i], now.Variances[i]);
        _regimes.Add(new Regime(kept, now.Level, 1 / (now.LevelVariance + LevelSd * LevelSd), LevelRatio * modules));
        while (_regimes.Count > MaxRegimes)
            JoinLeastLikely();
    }

    /// <summary>The chance that modules changed during the last bucket.</summary>
    private double ModulesChange()
    {
        var rewards = 0.0;
        foreach (var regime in _regimes)
            rewards += regime.Weight * Math.Exp(regime.Level) * _lastImpressions;
        var chance = Math.Min(ModulesPerImpression * _lastImpressions, ModulesPerReward * rewards) * Math.Min(1, _impressions / WearOutImpressions);
        return Math.Min(ModulesPerBucket, chance);
    }

    private EffectPrior[] Unsettled(SlotBelief now)
    {
        var priors = new EffectPrior[_priors.Length];
        for (var i = 0; i < priors.Length; i++)
        {
            var (mean, variance, fresh) = (now.Means[i], now.Variances[i], _priors[i]);
            var expected = (1 - Touched) * mean + Touched * fresh.Mean;
            var square = (1 - Touched) * (variance + mean * mean) + Touched * (fresh.Variance + fresh.Mean * fresh.Mean);
            priors[i] = new EffectPrior(expected, square - expected * expected);
        }
        return priors;
    }

    private void JoinLeastLikely()
    {
        // The two newest have not foretold anything yet.
        var least = 0;
        for (var at = 1; at < _regimes.Count - 2; at++)
        {
            if (_regimes[at].Weight < _regimes[least].Weight)
                least = at;
        }
        _regimes[least > 0 ? least - 1 : 1].Weight += _regimes[least].Weight;
        _regimes.RemoveAt(least);
    }
}
