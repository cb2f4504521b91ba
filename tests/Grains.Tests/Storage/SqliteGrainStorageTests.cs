using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Modules;
using Flywheel.Grains.Storage;
using Flywheel.Signals.Sqlite;
using Orleans.Storage;

namespace Flywheel.Grains.Tests.Storage;

public sealed class SqliteGrainStorageTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private static readonly GrainId Id = GrainId.Create("module", "spring/headline/h1");

    private readonly TestEngine _engine = fixture.Engine;
    private readonly SqliteGrainStorage _storage = new(fixture.Engine.Database);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_ThenRead_IsTheSameState()
    {
        await WriteAsync("read", new ModuleState { NextVersion = 4, Versions = [new(3, ulong.MaxValue)] });

        var read = await ReadAsync("read");

        Assert.Equal((true, 4), (read.RecordExists, read.State!.NextVersion));
        Assert.Equal([new ModuleVersion(3, ulong.MaxValue)], read.State.Versions);
    }

    [Fact]
    public async Task Read_NothingThere_IsANewState()
    {
        var read = await ReadAsync("missing");

        Assert.Equal((false, null, 1), (read.RecordExists, read.ETag, read.State!.NextVersion));
    }

    [Fact]
    public async Task Write_OverAChangeOfAnother_IsRefused()
    {
        var (mine, other) = (await ReadAsync("contested"), await ReadAsync("contested"));
        await _storage.WriteStateAsync("contested", Id, other);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("contested", Id, mine));
        mine = await ReadAsync("contested");
        await _storage.WriteStateAsync("contested", Id, other);

        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("contested", Id, mine));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("contested", Id, mine));
        await _storage.WriteStateAsync("contested", Id, other);
    }

    [Fact]
    public async Task Clear_ThenWrite_StartsOver()
    {
        var state = await WriteAsync("cleared", new ModuleState { NextVersion = 9 });
        await _storage.ClearStateAsync("cleared", Id, state);
        Assert.Equal((false, 1), (state.RecordExists, state.State!.NextVersion));
        Assert.False((await ReadAsync("cleared")).RecordExists);
        await _storage.WriteStateAsync("cleared", Id, state);

        Assert.True((await ReadAsync("cleared")).RecordExists);
    }

    /// <summary>What is stored names no CLR type, and stays as it is.</summary>
    [Fact]
    public async Task StoredCampaign_IsTheDocumentItself()
    {
        var published = (await _engine.PublishAsync("stored", Documents.Spring())).Current!.Published;

        var json = _engine.StoredOf("flywheel.campaign/stored");

        Assert.DoesNotContain("Flywheel", json, StringComparison.Ordinal);
        Assert.Equal(StoredCampaign.Of("stored", published.Incarnation, published.Revision), StoredCampaign.WithoutUntold(json));
        Assert.Equal(StoredCampaign.Headline, _engine.StoredOf("flywheel.module/stored/headline/h1"));
    }

    [Fact]
    public async Task StoredCampaign_OfAnEarlierRelease_IsRead()
    {
        await _engine.Database.WriteAsync(connection => connection.Execute("INSERT INTO grains VALUES ('campaign', 'flywheel.campaign/old', 3, @0)", StoredCampaign.Of("old", 1_777_000_000_000)), Cancel);

        var published = (await _engine.Campaign("old").DescribeAsync(Cancel))!.Published;

        Assert.Equal(("old", 1_777_000_000_000UL, 1L), (published.Id, published.Incarnation, published.Revision));
        Assert.Equal(CampaignWriter.Write("old", Documents.Read(Documents.Spring())), CampaignWriter.Write("old", published.Campaign));
        var paused = (await _engine.Campaign("old").SetStatusAsync(CampaignStatus.Paused, Cancel))!.Published;
        Assert.True(paused.Revision > published.Revision);
        Assert.Equal(published.LayoutRevision, paused.LayoutRevision);
    }

    private async Task<GrainState<ModuleState>> WriteAsync(string name, ModuleState value)
    {
        var state = new GrainState<ModuleState>(value);
        await _storage.WriteStateAsync(name, Id, state);
        return state;
    }

    private async Task<GrainState<ModuleState>> ReadAsync(string name)
    {
        var state = new GrainState<ModuleState>();
        await _storage.ReadStateAsync(name, Id, state);
        return state;
    }
}
