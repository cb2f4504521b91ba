using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>What should be counted, worked out the plain way: every signal ever accepted is remembered for ever.</summary>
internal sealed class Oracle(uint windowSeconds, RewardRules rules)
{
    private readonly HashSet<string> _seen = [];
    private readonly Dictionary<ulong, long> _earned = [];
    private readonly SortedDictionary<ulong, (bool HasImpression, long Reward)> _decisions = [];
    private readonly SortedDictionary<string, (long Learned, long Control, Assignment Assignment)> _served = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Impressions, long Reward)> _totals = new(StringComparer.Ordinal);

    public SignalLedger Ledger { get; private set; }
    public long Damaged { get; private set; }
    public IEnumerable<(string Segment, long Impressions, long Reward)> Totals => _totals.Select(total => (total.Key, total.Value.Impressions, total.Value.Reward));

    /// <summary>What each decision that had an impression earned.</summary>
    public IEnumerable<(ulong Decision, long Reward)> Decisions =>
        _decisions.Where(decision => decision.Value.HasImpression).Select(decision => (decision.Key, decision.Value.Reward));

    /// <summary>Decisions that were reported as served, in every segment that was heard of.</summary>
    public IEnumerable<(string Segment, long Learned, long Control, Assignment Assignment)> Served => _totals.Keys
        .Select(segment => (segment, _served.GetValueOrDefault(segment)))
        .Select(served => (served.segment, served.Item2.Learned, served.Item2.Control, served.Item2.Assignment));

    public void Accept(TestReport report, long acceptedAtMs)
    {
        if (acceptedAtMs > report.ExpiresAtMs || !_seen.Add($"report {report.Number}"))
            return;
        _totals.TryAdd(report.Segment, default);
        var served = _served.GetValueOrDefault(report.Segment);
        _served[report.Segment] = (served.Learned + report.Learned, served.Control + report.Control, served.Assignment + report.Assignment);
    }

    public void Damage(int signals)
    {
        Damaged += signals;
        Ledger += new SignalLedger(signals, 0, 0, 0, signals);
    }

    public void Accept(TestSignal signal, long acceptedAtMs)
    {
        var total = _totals.GetValueOrDefault(signal.Segment);
        _totals[signal.Segment] = total;
        if (acceptedAtMs > signal.IssuedAtMs + windowSeconds * 1_000L)
        {
            Ledger += new SignalLedger(1, 0, 0, 1, 0);
            return;
        }
        var key = signal.Id != 0 ? $"id {signal.Id}" : $"{signal.Decision} {signal.Type}";
        if (!_seen.Add(key))
        {
            Ledger += new SignalLedger(1, 0, 1, 0, 0);
            return;
        }
        Ledger += new SignalLedger(1, 1, 0, 0, 0);
        var (weight, byValue) = (rules.WeightOf(RewardRules.TypeKey(signal.Type)), ByValue(signal));
        var impressions = signal.Type == "impression" ? Math.Max(1, signal.Count) : 0;
        var reward = Reward(signal, weight, byValue);
        _totals[signal.Segment] = (total.Impressions + impressions, total.Reward + reward);
        if (signal.Count > 0)
            return;
        var decision = _decisions.GetValueOrDefault(signal.Decision);
        _decisions[signal.Decision] = (decision.HasImpression || impressions > 0, decision.Reward + reward);
    }

    /// <summary>In whole numbers throughout.</summary>
    private long ByValue(TestSignal signal)
    {
        var perValue = rules.PerValue.SingleOrDefault(share => share.Type == RewardRules.TypeKey(signal.Type)).MicrosPerValue;
        return (signal.Cents * perValue + 50) / 100;
    }

    private long Reward(TestSignal signal, long weight, long byValue)
    {
        if (signal.Count > 0)
            return weight * signal.Count + byValue;
        weight += byValue;
        var before = _earned.GetValueOrDefault(signal.Decision);
        _earned[signal.Decision] = before + weight;
        return Math.Min(rules.CapMicros, before + weight) - Math.Min(rules.CapMicros, before);
    }
}
