using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>What clients of the Model Context Protocol asked for, and what they were told. Labels are fixed.</summary>
internal sealed class McpMetrics
{
    /// <summary>Done as asked.</summary>
    public const string Done = "done";

    /// <summary>What was asked is wrong: arguments, a tool or a campaign that there is none of, a message that is none.</summary>
    public const string Invalid = "invalid";

    /// <summary>It may not be done, or not now: the key's role, a guardrail, a budget.</summary>
    public const string Refused = "refused";

    /// <summary>The engine could not.</summary>
    public const string Failed = "failed";

    /// <summary>What reads resources.</summary>
    public const string Resources = "resources";

    /// <summary>What names no tool that there is, or is no message at all.</summary>
    public const string Other = "other";

    private readonly Counter _calls;

    public McpMetrics(CollectorRegistry registry, IEnumerable<string> tools)
    {
        _calls = Prometheus.Metrics.WithCustomRegistry(registry).CreateCounter("flywheel_mcp_calls_total",
            "Calls by clients of the Model Context Protocol, by tool (resources: what reads those; other: no tool that there is, or no message) and outcome: done, invalid (what was asked is wrong), refused (it may not be, or not now), failed.",
            "tool", "outcome");
        foreach (var tool in (string[])[.. tools, Resources, Other])
        {
            foreach (var outcome in (string[])[Done, Invalid, Refused, Failed])
                _calls.WithLabels(tool, outcome);
        }
    }

    /// <param name="tool">One that there is, or one of the constants.</param>
    public void Called(string tool, string outcome) => _calls.WithLabels(tool, outcome).Inc();
}
