namespace Flywheel.Silo.Metrics;

/// <summary>How an instrument is measured.</summary>
internal enum InstrumentKind
{
    /// <summary>Told by how much it rose.</summary>
    Counter,

    /// <summary>Told by how much it changed.</summary>
    Gauge,

    /// <summary>Told each value.</summary>
    Histogram,

    /// <summary>Asked for its total.</summary>
    ObservedCounter,

    /// <summary>Asked for its value.</summary>
    ObservedGauge,
}
