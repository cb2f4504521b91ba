using Flywheel.Domain.Campaigns;

namespace Flywheel.Grains.Tests.Replicas;

public sealed class TwoSiloTests : IAsyncLifetime
{
    private TestEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync(silos: 2);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Publish_OnOneSilo_IsServedByBothAlike()
    {
        var documents = Enumerable.Range(0, 8).Select(i => Documents.Spring($"Run lighter — n° {i} 素")).ToArray();
        foreach (var (i, document) in documents.Index())
        {
            var published = (await _engine.PublishAsync($"spring-{i}", document)).Current!.Published;
            AssertBothServe(published);
            AssertBothServe((await _engine.Campaign($"spring-{i}").SetStatusAsync(CampaignStatus.Paused, Cancel))!.Published);
            await _engine.Campaign($"spring-{i}").DeleteAsync(Cancel);
            Assert.All([0, 1], silo => Assert.Null(_engine.Replica(silo).Find($"spring-{i}")));
        }
    }

    [Fact]
    public async Task Fit_OnOneSilo_IsServedByBothAlike()
    {
        for (var i = 0; i < 4; i++)
        {
            var published = (await _engine.PublishAsync($"spring-{i}", Documents.Spring())).Current!.Published;
            await new SignalBatch(published, 0, 200).AppendAsync(_engine.Appender(i % 2));
            await new SignalBatch(published, 0, 20) { Segment = "young" }.AppendAsync(_engine.Appender(i % 2));
            var served = await Task.WhenAll(((int[])[0, 1]).Select(silo => _engine.ServedAsync($"spring-{i}", served => served.Counts.Ledger.Counted == 200, silo: silo)));
            await Task.WhenAll(((int[])[0, 1]).Select(silo => _engine.ServedAsync($"spring-{i}", served => served.Counts.Ledger.Counted == 20, "young", silo)));

            Assert.Equal(served[0].Fit.Policy.Draws(), served[1].Fit.Policy.Draws());
            Assert.Equal(served[0].Fit.Modules.SelectMany(slot => slot), served[1].Fit.Modules.SelectMany(slot => slot));
            Assert.Equal(served[0].Counts.SumModules(), served[1].Counts.SumModules());
            Assert.Equal((served[0].FittedAtMs, served[0].Counts.Ledger), (served[1].FittedAtMs, served[1].Counts.Ledger));
        }
    }

    private void AssertBothServe(PublishedCampaign published) => Assert.All([0, 1], silo =>
    {
        var served = _engine.Replica(silo).Find(published.Id)!.Published;
        Assert.Equal((published.Incarnation, published.Revision, published.LayoutRevision), (served.Incarnation, served.Revision, served.LayoutRevision));
        Assert.Equal(CampaignWriter.Write(published.Id, published.Campaign), CampaignWriter.Write(served.Id, served.Campaign));
        Assert.Equal(published.Versions.Select(versions => versions.ToArray()), served.Versions.Select(versions => versions.ToArray()));
    });
}
