using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Signals.Tests.Log;

/// <summary>A clock that a test moves, and that tells when someone has begun to wait on it.</summary>
internal sealed class BarrierTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets the next wait begin and end.</summary>
    public async Task PassAsync() => Advance(await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken));
}
