using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Trends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Silo.Tests.Trends;

public sealed class LiftNotesTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Take_ForDays_KeepsFewNotesThatSpanThem()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));
        await LearnAsync(100, _ => true);
        var replica = Engine.Services.GetRequiredService<CampaignReplica>();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var notes = new LiftNotes(replica, time);
        var begun = time.GetUtcNow();

        for (var i = 0; i < 2 * 24 * 120; i++)
        {
            replica.Find(Campaign)!.Changes.Raise();
            notes.Take();
            time.Advance(TimeSpan.FromSeconds(30));
        }

        var points = notes.Of(replica.Find(Campaign)!).Points;
        Assert.InRange(points.Count, LiftNotes.Most / 2, LiftNotes.Most);
        Assert.Equal(begun, points[0].At);
        Assert.True(time.GetUtcNow() - points[^1].At <= TimeSpan.FromHours(2), $"The last note is of {points[^1].At}");
        var gaps = points.Zip(points.Skip(1), (one, next) => (next.At - one.At).TotalMinutes).ToList();
        Assert.True(gaps.Max() <= 2.1 * gaps.Min(), $"Gaps from {gaps.Min()} to {gaps.Max()} minutes");
    }

    [Fact]
    public async Task Take_NothingChanged_NotesNothing()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));
        await LearnAsync(100, _ => true);
        var replica = Engine.Services.GetRequiredService<CampaignReplica>();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var notes = new LiftNotes(replica, time);

        for (var i = 0; i < 5; i++)
        {
            notes.Take();
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(notes.Of(replica.Find(Campaign)!).Points);
    }
}
