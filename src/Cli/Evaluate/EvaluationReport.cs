using System.Text.Json;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Cli.Evaluate;

/// <summary>What <c>evaluate</c> prints: the estimates, or why there are none.</summary>
/// <param name="Coverage">Of the intervals.</param>
internal sealed record EvaluationReport(
    LogReport Log, string? Refused, OffPolicyEstimate? Ips, OffPolicyEstimate? Snips, OffPolicyEstimate? DoublyRobust, double Coverage)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static EvaluationReport From(OffPolicyResult result) => new(
        new LogReport(result.Rows, result.Reward), result.Refused, result.Ips, result.Snips, result.DoublyRobust, OffPolicyEvaluator.Coverage);
}
