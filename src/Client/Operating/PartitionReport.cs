namespace Flywheel.Client;

/// <summary>A partition of the signal log.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Segments">Segments of all campaigns that it counts.</param>
/// <param name="Ledger">What became of their signals.</param>
public sealed record PartitionReport(int Number, int Segments, Ledger Ledger)
{
    /// <value>The address of the silo that it belongs to; null while this process is no member of the cluster.</value>
    public required string? Silo { get; init; }
}
