using System.Diagnostics.Metrics;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>One instrument of .NET as a metric of Prometheus, in base units. At most <see cref="MostSeries"/> series, the rest is <c>other</c>.</summary>
internal sealed class BridgedInstrument
{
    private const int MostSeries = 64;
    private const string Other = "other";

    /// <summary>0.1 ms to 26 s, and 64 B to 4 MiB: what calls between grains take, and how large their messages are.</summary>
    private static readonly double[] Seconds = Prometheus.Histogram.ExponentialBuckets(0.0001, 4, 10);
    private static readonly double[] Bytes = Prometheus.Histogram.ExponentialBuckets(64, 4, 9);

    private readonly InstrumentKind _kind;
    private readonly string? _label;
    private readonly double _scale;
    private readonly Prometheus.Counter? _counter;
    private readonly Gauge? _gauge;
    private readonly Prometheus.Histogram? _histogram;
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _reading = new(StringComparer.Ordinal);

    /// <param name="factory">Makes the metric.</param>
    /// <param name="name">The instrument's own, such as <c>orleans-storage-read-latency</c>.</param>
    /// <param name="kind">How it is measured.</param>
    /// <param name="unit">The instrument's own: ms, s, MB, bytes; null for a number.</param>
    /// <param name="label">The tag that is kept; null for none.</param>
    public BridgedInstrument(MetricFactory factory, string name, InstrumentKind kind, string? unit, string? label)
    {
        (_kind, _label) = (kind, label);
        (var suffix, _scale) = UnitOf(name, kind, unit);
        var plain = $"flywheel_{name.Replace("percentage", "ratio", StringComparison.Ordinal).Replace('-', '_').Replace('.', '_')}{suffix}";
        var help = $"{name} of .NET's meters{(_scale == 1 ? "" : ", in base units")}.";
        string[] labels = label is null ? [] : [label];
        switch (kind)
        {
            case InstrumentKind.Counter or InstrumentKind.ObservedCounter:
                _counter = factory.CreateCounter($"{plain}_total", help, labels);
                break;
            case InstrumentKind.Histogram:
                _histogram = factory.CreateHistogram(plain, help, labels, new HistogramConfiguration { Buckets = suffix == "_bytes" ? Bytes : Seconds });
                break;
            default:
                _gauge = factory.CreateGauge(plain, help, labels);
                break;
        }
    }

    public bool IsObserved => _kind is InstrumentKind.ObservedCounter or InstrumentKind.ObservedGauge;

    /// <summary>Null for a kind that is not known.</summary>
    public static InstrumentKind? KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => InstrumentKind.Counter,
        "UpDownCounter" => InstrumentKind.Gauge,
        "Histogram" => InstrumentKind.Histogram,
        "ObservableCounter" => InstrumentKind.ObservedCounter,
        "ObservableGauge" or "ObservableUpDownCounter" => InstrumentKind.ObservedGauge,
        _ => null,
    };

    public void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var scaled = value * _scale;
        switch (_kind)
        {
            case InstrumentKind.Counter when _label is null:
                _counter!.Inc(Math.Max(0, scaled));
                break;
            case InstrumentKind.Counter:
                _counter!.WithLabels(LabelOf(tags)).Inc(Math.Max(0, scaled));
                break;
            case InstrumentKind.Gauge:
                _gauge!.Inc(scaled);
                break;
            case InstrumentKind.Histogram:
                _histogram!.Observe(scaled);
                break;
            default:
                var label = _label is null ? "" : LabelOf(tags);
                _reading[label] = _reading.GetValueOrDefault(label) + scaled;
                break;
        }
    }

    /// <summary>What is measured from here to <see cref="EndReading"/>, on one thread, is one reading. What had a value before and is not told any more is 0.</summary>
    public void BeginReading()
    {
        foreach (var label in _reading.Keys)
            _reading[label] = 0;
    }

    public void EndReading()
    {
        foreach (var (label, value) in _reading)
        {
            if (_kind == InstrumentKind.ObservedCounter)
                (_label is null ? _counter! : _counter!.WithLabels(label) as ICounter).IncTo(value);
            else
                (_label is null ? _gauge! : _gauge!.WithLabels(label) as IGauge).Set(value);
        }
    }

    private string LabelOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name != _label || value?.ToString() is not { } text)
                continue;
            lock (_values)
                return _values.Contains(text) || (_values.Count < MostSeries - 1 && _values.Add(text)) ? text : Other;
        }
        return Other;
    }

    /// <summary>Orleans gives its durations no unit where they are whole milliseconds.</summary>
    private static (string Suffix, double Scale) UnitOf(string name, InstrumentKind kind, string? unit) => unit switch
    {
        "ms" => ("_seconds", 0.001),
        "s" => ("_seconds", 1),
        "MB" => ("_bytes", 1_048_576),
        "bytes" or "By" => ("_bytes", 1),
        _ when kind == InstrumentKind.Histogram => ("_seconds", 0.001),
        _ when name.Contains("percentage", StringComparison.Ordinal) => ("", 0.01),
        _ => ("", 1),
    };
}
