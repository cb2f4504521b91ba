namespace Flywheel.Abstractions.Campaigns;

/// <summary>Asks for an earlier policy.</summary>
/// <param name="ToMs">Each segment goes back to its newest checkpoint that is not after this; Unix time in milliseconds.</param>
/// <param name="Segment">The one that goes back; null for all.</param>
/// <param name="Asked">The moment that was asked for and by whom, for the history.</param>
[GenerateSerializer, Immutable, Alias("flywheel.rollback-message")]
public sealed record RollbackMessage([property: Id(0)] long ToMs, [property: Id(1)] string? Segment, [property: Id(2)] string Asked);
