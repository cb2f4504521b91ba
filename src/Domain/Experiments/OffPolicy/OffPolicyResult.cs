namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>The three estimates, or why the log can't support them: either they or <paramref name="Refused"/> are null.</summary>
/// <param name="Reward">The log's own mean reward; null where it has no rows.</param>
/// <param name="Refused">The reason, in words for people.</param>
/// <param name="Ips">Inverse propensity scores.</param>
/// <param name="Snips">The same, self-normalised.</param>
public sealed record OffPolicyResult(
    long Rows,
    double? Reward,
    string? Refused,
    OffPolicyEstimate? Ips = null,
    OffPolicyEstimate? Snips = null,
    OffPolicyEstimate? DoublyRobust = null);
