using System.Diagnostics.Metrics;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>
/// Orleans' and Kestrel's own figures, as Prometheus names and measures them: <c>orleans-app-requests-latency</c> in milliseconds is
/// <c>flywheel_orleans_app_requests_latency_seconds</c>. It listens from the start of the process, so that nothing before the first scrape is
/// missed. Tags are summed over, but for those of <see cref="Labels"/>.
/// </summary>
internal sealed class MeterBridge : IDisposable
{
    /// <summary>Instruments that there are at most; both meters have some 120 together.</summary>
    private const int MostInstruments = 256;

    private static readonly HashSet<string> Meters = ["Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>The tag that is kept of an instrument. A grain type is a class, so they are few.</summary>
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["orleans-catalog-activations"] = "grain_type",
        ["orleans-catalog-activation-created"] = "grain_type",
    };

    /// <summary>What Orleans makes only once a grain reads its state for the first time.</summary>
    private static readonly string[] Storage = ["read", "write", "clear"];

    private readonly Dictionary<string, BridgedInstrument> _bridged = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private readonly Lock _reading = new();
    private readonly MetricFactory _factory;
    private readonly MeterListener _listener = new();

    public MeterBridge(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        foreach (var operation in Storage)
        {
            _bridged[$"orleans-storage-{operation}-latency"] = new BridgedInstrument(_factory, $"orleans-storage-{operation}-latency", InstrumentKind.Histogram, "ms", label: null);
            _bridged[$"orleans-storage-{operation}-errors"] = new BridgedInstrument(_factory, $"orleans-storage-{operation}-errors", InstrumentKind.Counter, unit: null, label: null);
        }
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((BridgedInstrument)state!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((BridgedInstrument)state!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => ((BridgedInstrument)state!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((BridgedInstrument)state!).Measured(value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(Read);
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>A silo that joins anew brings its instruments again: they go on where the earlier ones were.</summary>
    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!Meters.Contains(instrument.Meter.Name) || BridgedInstrument.KindOf(instrument) is not { } kind)
            return;
        BridgedInstrument? bridged;
        lock (_changing)
        {
            if (!_bridged.TryGetValue(instrument.Name, out bridged))
            {
                if (_bridged.Count == MostInstruments)
                    return;
                bridged = new BridgedInstrument(_factory, instrument.Name, kind, instrument.Unit, Labels.GetValueOrDefault(instrument.Name));
                _bridged[instrument.Name] = bridged;
            }
        }
        listener.EnableMeasurementEvents(instrument, bridged);
    }

    /// <summary>Reads those off that tell their figure only when they are asked.</summary>
    private void Read()
    {
        lock (_reading)
        {
            BridgedInstrument[] observed;
            lock (_changing)
                observed = [.. _bridged.Values.Where(each => each.IsObserved)];
            foreach (var each in observed)
                each.BeginReading();
            _listener.RecordObservableInstruments();
            foreach (var each in observed)
                each.EndReading();
        }
    }
}
