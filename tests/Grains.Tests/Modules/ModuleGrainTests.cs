namespace Flywheel.Grains.Tests.Modules;

public sealed class ModuleGrainTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private readonly TestEngine _engine = fixture.Engine;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_ContentAgain_HasItsVersionForGood()
    {
        var module = _engine.Module("spring/headline/h1");
        Assert.Equal([1, 2, 1, 3, 2], await PublishAsync("spring/headline/h1", 10, 20, 10, 30, 20));
        await _engine.Cluster.DeactivateAsync(module);

        Assert.Equal([3, 1, 4], await PublishAsync("spring/headline/h1", 30, 10, 40));
        Assert.Equal([1], await PublishAsync("spring/headline/h2", 40));
    }

    [Fact]
    public async Task Publish_SameContentAtOnce_HasOneVersion() =>
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _engine.Module("spring/headline/same").PublishAsync(5, Cancel))), version => Assert.Equal(1, version));

    [Fact]
    public async Task Publish_AfterMoreChangesThanAreKept_NeverGivesANumberTwice()
    {
        var versions = await PublishAsync("spring/headline/busy", [.. Enumerable.Range(1, 33).Select(hash => (ulong)hash)]);

        Assert.Equal(Enumerable.Range(1, 33), versions);
        Assert.Equal([34, 3], await PublishAsync("spring/headline/busy", 1, 3));
    }

    [Fact]
    public async Task Forget_Module_StartsAtOne()
    {
        await PublishAsync("spring/headline/gone", 10, 20);
        await _engine.Module("spring/headline/gone").ForgetAsync(Cancel);

        Assert.Equal([1], await PublishAsync("spring/headline/gone", 20));
    }

    private async Task<List<int>> PublishAsync(string key, params ulong[] hashes)
    {
        var versions = new List<int>();
        foreach (var hash in hashes)
            versions.Add(await _engine.Module(key).PublishAsync(hash, Cancel));
        return versions;
    }
}
