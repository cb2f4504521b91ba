using Flywheel.Abstractions.Campaigns;
using Flywheel.Grains.Replicas;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Hosting;

/// <summary>What a silo makes of what the cluster answers while it loads, and of what it cannot load.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Start_OneCampaignCannotBeLoaded_ServesTheOthersAndKeepsItsSignalsForLater()
    {
        string signal;
        await using (var before = await Engine.StartAsync(_data))
        {
            (await before.Api.PutAsync("/v1/campaigns/good", Wire.Spring)).Expect(201);
            (await before.Api.PutAsync("/v1/campaigns/bad", Wire.Spring)).Expect(201);
            signal = Wire.Signal(await before.Api.DecideAsync("bad"), "click");
        }
        var stored = Replace("flywheel.campaign/bad", "{");
        File.Delete(Path.Combine(_data.Path, "replica", "bad.json"));

        await using var engine = await Engine.StartAsync(_data);
        Assert.Equal("ready", (await engine.Api.GetAsync("/health/ready")).Expect(200).Json["status"]!.GetValue<string>());
        await engine.Api.DecideAsync("good");
        (await engine.Api.PostAsync("/v1/signals", Wire.Observed("good", "crm-1", "click"))).Expect(202);
        var later = await engine.Api.PostAsync("/v1/signals", signal);
        later.ExpectProblem(503);
        Assert.Equal("1", later.Headers.RetryAfter?.ToString());

        Replace("flywheel.campaign/bad", stored);
        await Eventually.ReadsAsync(() => engine.Api.PostAsync("/v1/signals", signal), answer => answer.Status == 202, "the signal to be taken", answer => answer.Text);
        await engine.Api.DecideAsync("bad");
    }

    [Fact]
    public async Task Start_CampaignCannotBeLoadedButIsOnThisSilosDisk_IsServedAsItWasKnown()
    {
        await using (var before = await Engine.StartAsync(_data))
            (await before.Api.PutAsync("/v1/campaigns/bad", Wire.Spring)).Expect(201);
        Replace("flywheel.campaign/bad", "{");

        await using var engine = await Engine.StartAsync(_data);

        var decision = await engine.Api.DecideAsync("bad");
        (await engine.Api.PostAsync("/v1/signals", Wire.Signal(decision, "click"))).Expect(202);
    }

    /// <summary>The store lost its latest writes: its grain knows an earlier document than this silo.</summary>
    [Fact]
    public async Task Look_ReplicaKnowsARevisionThatWasLost_TakesTheOwnersWord()
    {
        await using var engine = await Engine.StartAsync(_data);
        (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        var replica = engine.Services.GetRequiredService<CampaignReplica>();
        var kept = replica.Find("spring")!.Published;
        replica.Put(new PublishedCampaignMessage(kept with { Revision = kept.Revision + 60_000_000 }));
        Assert.NotEqual(kept.Revision, replica.Find("spring")!.Published.Revision);

        await Eventually.ReadsAsync(() => Task.FromResult(replica.Find("spring")!.Published.Revision), revision => revision == kept.Revision, $"revision {kept.Revision}");
    }

    /// <summary>Replaces what is stored of a grain; returns what was there.</summary>
    private string Replace(string grain, string state)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data.Path, "flywheel.db")};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT state FROM grains WHERE id = @id";
        read.Parameters.AddWithValue("@id", grain);
        var before = (string)read.ExecuteScalar()!;
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE grains SET state = @state WHERE id = @id";
        write.Parameters.AddWithValue("@id", grain);
        write.Parameters.AddWithValue("@state", state);
        Assert.Equal(1, write.ExecuteNonQuery());
        return before;
    }
}
