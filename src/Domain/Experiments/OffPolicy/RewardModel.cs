using Flywheel.Decisions;


namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>
/// What each action earns in each context: the pair's mean, shrunk to its action's, shrunk to the log's. Cross-fitted: the rows are
/// dealt into folds, and a row is corrected by the model of the other folds, so its own reward never speaks for it.
/// </summary>
internal sealed class RewardModel
{
    private const int Folds = 5;

    /// <summary>
    /// The coefficient of variation expected between an action's contexts, and between actions. Only efficiency hangs on it: the
    /// doubly robust estimate is unbiased whatever the model says.
    /// </summary>
    private const double Spread = 0.5;

    private readonly double[][] _pairMean = new double[Folds][];
    private readonly double[][] _targetMean = new double[Folds][];

    private RewardModel()
    {
    }

    /// <summary>The fold of a row: scattered, so that a log in the order of its actions deals each fold some of each.</summary>
    public static int FoldOf(int row) => (int)(Mixing.Spread((ulong)row) % Folds);

    /// <summary>What the pair earns in units of the largest reward, told without this fold.</summary>
    public double Pair(int fold, int pair) => _pairMean[fold][pair];

    /// <summary>What the target earns in the context, likewise told without this fold.</summary>
    public double Target(int fold, int context) => _targetMean[fold][context];

    public static RewardModel Fit(WeightedLog weighted)
    {
        var model = new RewardModel();
        var actions = weighted.Log.ActionOfPair();
        for (var fold = 0; fold < Folds; fold++)
            model.FitWithout(fold, weighted, actions);
        return model;
    }

    /// <param name="actions">The number of each pair's action.</param>
    private void FitWithout(int fold, WeightedLog weighted, int[] actions)
    {
        var (pairs, byAction, all, squares) = (new Sums[actions.Length], new Sums[actions.Max() + 1], default(Sums), 0.0);
        var rows = weighted.Log.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            if (FoldOf(i) == fold)
                continue;
            var reward = weighted.RewardOf(rows[i]);
            pairs[rows[i].Pair].Add(reward, 1);
            squares += reward * reward;
        }
        for (var pair = 0; pair < pairs.Length; pair++)
            byAction[actions[pair]].Add(pairs[pair].Reward, pairs[pair].Rows);
        foreach (var action in byAction)
            all.Add(action.Reward, action.Rows);

        // The variance within, over the variance expected between: how many rows the prior is worth (Bühlmann, ASTIN Bulletin 4, 1967).
        var mean = all.Rows > 0 ? all.Reward / all.Rows : 0;
        var prior = mean > 0 ? Math.Max(0, squares / all.Rows - mean * mean) / (Spread * Spread * mean * mean) : 0;
        var means = _pairMean[fold] = new double[pairs.Length];
        var earned = _targetMean[fold] = new double[weighted.Log.Contexts.Count];
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            means[pair] = pairs[pair].Shrunk(byAction[actions[pair]].Shrunk(mean, prior), prior);
            earned[weighted.Log.ContextOfPair[pair]] += weighted.Target[pair] * means[pair];
        }
    }

    private struct Sums
    {
        public double Reward;
        public double Rows;

        public void Add(double reward, double rows)
        {
            Reward += reward;
            Rows += rows;
        }

        public readonly double Shrunk(double to, double prior) => Rows + prior > 0 ? (Reward + prior * to) / (Rows + prior) : to;
    }
}
