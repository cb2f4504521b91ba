namespace Flywheel.Grains.Tests.Campaigns;

public sealed class CatalogGrainTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private readonly TestEngine _engine = fixture.Engine;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_AfterComingsAndGoings_IsSortedAndSurvivesDeactivation()
    {
        foreach (var id in (string[])["summer", "autumn", "spring", "autumn"])
            Assert.NotNull(await _engine.Catalog().AddAsync(id, Cancel));
        await _engine.Catalog().RemoveAsync("spring", Cancel);
        await _engine.Catalog().RemoveAsync("winter", Cancel);
        await _engine.Cluster.DeactivateAsync(_engine.Catalog());

        Assert.Equal(["autumn", "summer"], await _engine.Catalog().ListAsync(Cancel));
    }
}
