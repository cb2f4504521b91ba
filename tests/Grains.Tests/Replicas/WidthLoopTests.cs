using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Grains.Replicas;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Grains.Tests.Replicas;

public sealed class WidthLoopTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    /// <summary>Only a failing test waits this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ThatFails_SaysSoAndGoesOn()
    {
        var (time, log) = (new FakeTimeProvider(), new CountingLogger());
        var learner = new ModuleEffectsLearner();
        var replica = new CampaignReplica(fixture.Engine.Store, learner, time);
        replica.Put(new PublishedCampaignMessage(new PublishedCampaign
        {
            Id = "spring",
            Incarnation = 1,
            Revision = 1,
            LayoutRevision = 1,
            Campaign = Documents.Read(Documents.Spring()),
            Versions = [[1, 1], [1]],
        }));
        var fit = replica.Find("spring")!.Prior.Fit;
        // A summary without effects, which no learner makes.
        replica.Put(new SegmentFitMessage("spring", 1, "default", 1, SegmentCounts.None, fit with { Summary = new SegmentSummary(0, 1, default, default) }, 0, 1));
        Assert.ThrowsAny<Exception>(replica.LearnWidths);
        using var loop = new WidthLoop(replica, time, log);
        await loop.StartAsync(Cancel);

        var started = TimeProvider.System.GetTimestamp();
        while (log.Lines < 2)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Expected two runs that failed; came {log.Lines}.");
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, Cancel);
        }

        Assert.False(loop.ExecuteTask!.IsCompleted);
        await loop.StopAsync(Cancel);
    }

    private sealed class CountingLogger : ILogger<WidthLoop>
    {
        private int _lines;

        public int Lines => Volatile.Read(ref _lines);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Interlocked.Increment(ref _lines);
    }
}
