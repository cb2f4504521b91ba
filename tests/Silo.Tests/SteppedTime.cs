namespace Flywheel.Silo.Tests;

/// <summary>Test double of a clock that is set anew while it runs: the time of day steps, timers and elapsed time do not.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _offsetTicks;

    public void Step(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));
}
