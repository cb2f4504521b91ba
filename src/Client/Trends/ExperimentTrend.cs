namespace Flywheel.Client;

/// <summary>Learned against control through time, as one silo noted it.</summary>
/// <param name="Since">From when on it took notes; earlier ones are not kept.</param>
/// <param name="Points">In order of time.</param>
public sealed record ExperimentTrend(DateTimeOffset Since, IReadOnlyList<LiftPoint> Points);
