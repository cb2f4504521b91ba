using System.Globalization;
using System.Text;
using Flywheel.Signals.Tests.Redis;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Operations;

/// <summary>What is said of a person to the engine is nowhere afterwards: not on disk, in Redis, in the log, in metrics or in a decision's id.</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Person = "erika.mustermann-zq7";
    private const string Creative = "creative-zq8";
    private const string Channel = "channel-zq9";

    private static readonly Dictionary<string, string> Loud = new() { ["Logging__LogLevel__Default"] = "Trace" };

    private readonly TempFolder _data = new();
    private readonly TempFolder _copy = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _data.Dispose();
        _copy.Dispose();
    }

    [Fact]
    public async Task UnitContextAndSignalIds_EmbeddedEngine_AreNotKept()
    {
        await using var engine = await EngineProcess.StartAsync(_data, Loud);
        var said = await SayAsync(engine);
        await AssertNowhereAsync(said, _data.Path);
        Assert.Equal(0, await engine.EndAsync("TERM"));

        await AssertNowhereAsync(engine.Output, _data.Path);
        Assert.True(await HoldsAsync(_data.Path, Creative), "a guard on the guard: what is kept is found");
    }

    /// <summary>The file of writes holds whatever was sent to Redis, in the clear.</summary>
    [Fact]
    public async Task UnitContextAndSignalIds_Cluster_AreNotKept()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var engine = await EngineProcess.StartAsync(
            _data, Loud, "--redis", RedisServer.Address(redis.Port), "--silo-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture), "--gateway-port", "0");
        var said = await SayAsync(engine);

        var writes = Path.GetDirectoryName(redis.AppendOnlyFile)!;
        await AssertNowhereAsync(said, _data.Path, writes);
        Assert.True(await HoldsAsync(writes, Creative), "a guard on the guard: what is kept is found");
    }

    /// <summary>What the campaign's owner wrote, and channels, which are kept as they come, are gone with the campaign.</summary>
    [Fact]
    public async Task Campaign_Deleted_IsInNoCopyAnyMore()
    {
        Directory.Delete(_copy.Path);
        await using var engine = await EngineProcess.StartAsync(_data);
        await SayAsync(engine);
        Assert.True(await HoldsAsync(_data.Path, Creative) && await HoldsAsync(_data.Path, Channel), "a guard on the guard: what is kept is found");

        var (code, _, error) = await CommandLine.RunAsync("campaign", "delete", "spring", "--yes", "--url", engine.Api.Http.BaseAddress!.ToString());
        Assert.True(code == 0, error);
        // The copy of policies is written every few seconds.
        await Eventually.ReadsAsync(() => HoldsAsync(Path.Combine(_data.Path, "replica"), Creative), holds => !holds, "a replica without it");
        (code, _, error) = await CommandLine.RunAsync("backup", _data.Path, _copy.Path);
        Assert.True(code == 0, error);

        Assert.False(await HoldsAsync(_copy.Path, Creative));
        Assert.False(await HoldsAsync(_copy.Path, Channel));
    }

    /// <summary>Tells the engine of a person in every way there is; returns all that it showed of it: its log, its metrics, the log of decisions.</summary>
    private static async Task<string> SayAsync(EngineProcess engine)
    {
        var api = engine.Api;
        (await api.PutAsync("/v1/campaigns/spring", Wire.Campaign([Wire.Slot("headline", Wire.Module("h1", Creative), Wire.Module("h2", "other"))],
            "\"segments\":[{\"id\":\"young\",\"match\":{\"age\":{\"lt\":30}}}],\"rewards\":{\"click\":1,\"order\":5}"))).Expect(201);
        var decision = await api.DecideAsync("spring", $$"""
            "unit":"{{Person}}","context":{"age":24,"email":"{{Person}}","{{Person}}":1,"channel":"{{Channel}}"}
            """);
        Assert.DoesNotContain(Person, Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(decision.DecisionId)), StringComparison.Ordinal);
        var own = Wire.Signal(decision, "order", Person);
        (await api.PostAsync("/v1/signals", Wire.Array(Wire.Signal(decision, "impression"), Wire.Signal(decision, "click"), own, own, Wire.Observed("spring", Person, "click")))).Expect(202);
        // What is wrong is told to who sent it, and to nobody else.
        (await api.PostAsync("/v1/decisions", $$"""{"campaign":"spring","unit":"{{Person}}","context":"{{Person}}"}""")).Expect(400);
        (await api.PostAsync("/v1/decisions", $$"""{"campaign":"spring","unit":"{{Person}}" """)).Expect(400);
        (await api.PostAsync("/v1/signals", $$"""{"decisionId":"{{Person}}","type":"click"}""")).Expect(400);
        await Eventually.ReadsAsync(() => api.ScoresAsync("spring"), scores => scores.Ledger is { Counted: 4, Duplicate: 1 }, "five signals", scores => scores.Ledger);
        return engine.Output + (await api.GetAsync("/metrics")).Expect(200).Text + (await api.GetAsync("/v1/campaigns/spring/log")).Expect(200).Text
            + (await api.GetAsync("/v1/campaigns/spring/history")).Expect(200).Text + (await api.GetAsync("/v1/campaigns/spring/scores")).Expect(200).Text;
    }

    private static async Task AssertNowhereAsync(string said, params string[] folders)
    {
        Assert.DoesNotContain(Person, said, StringComparison.OrdinalIgnoreCase);
        foreach (var folder in folders)
            Assert.False(await HoldsAsync(folder, Person), $"{folder} holds {Person}");
    }

    /// <summary>Whether a file below the folder holds the text, in UTF-8 or UTF-16.</summary>
    private static async Task<bool> HoldsAsync(string folder, string text)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            // Shared as the engine shares it; its lock file is empty.
            if (Path.GetFileName(file) == "lock")
                continue;
            var bytes = (await Eventually.ReadsAsync(() => ReadAsync(file), read => read is not null, $"{file} to read"))!;
            if (bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0)
                return true;
        }
        return false;
    }

    /// <summary>What a file holds; nothing where it has gone meanwhile, null while the engine writes it and keeps it to itself.</summary>
    private static async Task<byte[]?> ReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Cancel);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
