using System.Diagnostics.CodeAnalysis;

namespace Flywheel.Client;

/// <summary>One answer of a batch.</summary>
/// <param name="Decision">The decision, or null where there is none.</param>
/// <param name="Status">200 with a decision, 204 where the campaign is not live, else what a single request would have got.</param>
/// <param name="Detail">Why there is none, where the engine said so.</param>
public sealed record DecisionResult(Decision? Decision, int Status, string? Detail)
{
    [MemberNotNullWhen(true, nameof(Decision))]
    public bool IsDecided => Decision is not null;
}
