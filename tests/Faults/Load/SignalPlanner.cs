using System.Diagnostics;
using System.Globalization;
using System.Text;
using Flywheel.Client;

namespace Flywheel.Faults.Load;

/// <summary>
/// Makes signals of decisions and puts them into batches: some twice, some later than others, some too late, and poison among
/// them. The seed decides; the oracle is told. For one thread.
/// </summary>
internal sealed class SignalPlanner(Workload workload, Oracle oracle, LoadOptions options)
{
    private const double ImpressionShare = 0.95;
    private const double ClickShare = 0.15;
    private const double ConversionShare = 0.05;
    private const double ReleaseShare = 0.2;

    /// <summary>After its window for certain, whatever the clocks' grain.</summary>
    private static readonly TimeSpan TooLate = Workload.LateWindow + TimeSpan.FromSeconds(0.5);

    private readonly Random _random = new(options.Seed);
    private readonly List<Line> _open = [];
    private readonly List<Line> _held = [];
    private readonly Queue<(long At, Line Line)> _late = [];
    private readonly StringBuilder _body = new();
    private long _orders;

    /// <summary>Takes a decision; its signals come in the next batches.</summary>
    public void Take(Decision decision)
    {
        var hasImpression = _random.NextDouble() < ImpressionShare;
        var hasClick = _random.NextDouble() < ClickShare;
        var conversions = _random.NextDouble() < ConversionShare ? _random.Next(1, 3) : 0;
        var lines = LinesOf(decision, hasImpression, hasClick, conversions);
        if (decision.Campaign == workload.Late)
        {
            oracle.ExpectLate(decision, lines.Count);
            lines.ForEach(line => _late.Enqueue((Stopwatch.GetTimestamp(), line)));
            return;
        }
        oracle.Expect(decision, hasImpression, hasClick, conversions);
        lines.ForEach(Place);
    }

    /// <summary>The next batch; null while there is not enough for one.</summary>
    public SignalBatch? TakeBatch()
    {
        ReleaseLate();
        return _open.Count >= options.BatchSize ? Close() : null;
    }

    /// <summary>All that is left, in order of what it takes to wait for what is to be late.</summary>
    public async IAsyncEnumerable<SignalBatch> DrainAsync()
    {
        while (_late.TryPeek(out var first))
        {
            if (TooLate - Stopwatch.GetElapsedTime(first.At) is { Ticks: > 0 } early)
                await Task.Delay(early);
            ReleaseLate();
        }
        _open.AddRange(_held);
        _held.Clear();
        while (_open.Count > 0)
            yield return Close();
    }

    private List<Line> LinesOf(Decision decision, bool hasImpression, bool hasClick, int conversions)
    {
        var segment = oracle.Of(decision);
        var lines = new List<Line>();
        if (hasImpression)
            lines.Add(new Line($$"""{"decisionId":"{{decision.DecisionId}}","type":"impression"}""", LineKind.Impression, segment));
        if (hasClick)
            lines.Add(new Line($$"""{"decisionId":"{{decision.DecisionId}}","type":"click"}""", LineKind.Reward, segment));
        for (var i = 0; i < conversions; i++)
        {
            var order = (++_orders).ToString(CultureInfo.InvariantCulture);
            lines.Add(new Line($$"""{"decisionId":"{{decision.DecisionId}}","type":"conversion","id":"order-{{order}}","value":9.5}""", LineKind.Reward, segment));
        }
        return lines;
    }

    private void Place(Line line)
    {
        (_random.NextDouble() < options.Mix.Reordered ? _held : _open).Add(line);
        if (_random.NextDouble() < options.Mix.Duplicates)
            _held.Add(line with { Kind = LineKind.Duplicate });
        if (_random.NextDouble() < options.Mix.Poison)
            _open.Add(Poison.Brew(_random, line));
    }

    private void ReleaseLate()
    {
        while (_late.TryPeek(out var first) && Stopwatch.GetElapsedTime(first.At) > TooLate)
            Place(_late.Dequeue().Line);
    }

    private SignalBatch Close()
    {
        var many = Math.Min(options.BatchSize, _open.Count);
        var lines = _open[..many];
        _open.RemoveRange(0, many);
        for (var i = _held.Count - 1; i >= 0; i--)
        {
            if (_random.NextDouble() >= ReleaseShare)
                continue;
            lines.Insert(_random.Next(lines.Count + 1), _held[i]);
            _held.RemoveAt(i);
        }
        foreach (var line in lines)
        {
            _body.Append(line.Text).Append('\n');
            if (line.Kind == LineKind.Impression)
                line.Segment!.ImpressionSent();
        }
        var batch = new SignalBatch(
            Encoding.UTF8.GetBytes(_body.ToString()), lines.Count, lines.Count(line => line.Kind is LineKind.Impression or LineKind.Reward),
            [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].Kind == LineKind.Poison)]);
        _body.Clear();
        return batch;
    }
}
