using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Client.Tests;

/// <summary>A clock that a test moves, and that tells when someone has begun to wait on it.</summary>
internal sealed class BarrierTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();
    private volatile bool _free;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, _free ? TimeSpan.Zero : dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns once someone waits for exactly <paramref name="wait"/>.</summary>
    public async Task WaitStartedAsync(TimeSpan wait)
    {
        var seen = new List<TimeSpan>();
        try
        {
            do
                seen.Add(await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).Guarded());
            while (seen[^1] != wait);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected a wait of {wait}; saw {string.Join(", ", seen)}.");
        }
    }

    /// <summary>Lets a wait of exactly <paramref name="wait"/> begin and end.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        await WaitStartedAsync(wait);
        Advance(wait);
    }

    /// <summary>Ends every wait, begun or to come, so that whatever still waits when a test is over comes to its end.</summary>
    public void RunFree()
    {
        _free = true;
        Advance(TimeSpan.FromDays(1));
    }
}
