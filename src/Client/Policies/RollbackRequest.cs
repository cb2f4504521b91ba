namespace Flywheel.Client;

/// <summary>Asks for an earlier policy.</summary>
/// <param name="To">Each segment goes back to its newest checkpoint that is not after this.</param>
public sealed record RollbackRequest(DateTimeOffset To)
{
    /// <value>The one segment that goes back; all where null.</value>
    public string? Segment { get; init; }
}
