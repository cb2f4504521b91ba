namespace Flywheel.Faults.Reports;

/// <summary>What a scenario measured. Times in milliseconds.</summary>
internal sealed record ScenarioReport
{
    public required string Scenario { get; init; }

    /// <value>What was done to the cluster.</value>
    public required string Fault { get; init; }

    /// <value>Signals accepted, each once.</value>
    public required long Signals { get; init; }

    public required long Lost { get; init; }

    public required long Doubled { get; init; }

    /// <value>From the fault (or its end, where nothing can count before) until the last partition counted again, the worst round.</value>
    public double? CountsAgainMs { get; init; }

    public required long Decisions { get; init; }

    /// <value>Decisions that no silo answered.</value>
    public required long Failed { get; init; }

    public required double P99QuietMs { get; init; }

    /// <value>From the first fault to the end of the load, or of the fault where the scenario holds it to a limit.</value>
    public required double P99FaultedMs { get; init; }

    public required double MaxFaultedMs { get; init; }

    /// <value>The statuses that signals got, and what else is worth a word.</value>
    public string Remarks { get; init; } = "";
}
