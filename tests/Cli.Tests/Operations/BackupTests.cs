using System.Diagnostics;
using System.Globalization;
using Flywheel.Signals.Tests.Redis;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Operations;

/// <summary>The commands of docs/operations.md: a copy that is taken while signals flow is of one moment, and what is sent again after a restore counts once.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Campaign = "spring";

    private readonly TempFolder _data = new();
    private readonly TempFolder _restored = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _data.Dispose();
        _restored.Dispose();
    }

    [Fact]
    public async Task Backup_OfARunningEngine_RestoresToOneMoment()
    {
        Directory.Delete(_restored.Path);
        var load = new Load();
        long before;
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            var sending = await load.StartAsync(engine.Api);
            before = load.Acknowledged;
            var (code, output, error) = await CommandLine.RunAsync("backup", _data.Path, _restored.Path);
            Assert.True(code == 0, error);
            Assert.Contains("still to be counted", output, StringComparison.Ordinal);
            await load.FinishAsync(sending);
            engine.Kill();
        }

        await using var again = await EngineProcess.StartAsync(_restored);

        await load.AssertRestoredAsync(again.Api, before);
    }

    /// <summary>redis-cli --rdb, and the steps of a restore.</summary>
    [Fact]
    public async Task Backup_OfRedis_RestoresToOneMoment()
    {
        await using var redis = await RedisServer.StartAsync();
        var load = new Load();
        long before;
        await using (var engine = await EngineProcess.StartAsync(_data, SiloOn(redis)))
        {
            var sending = await load.StartAsync(engine.Api);
            before = load.Acknowledged;
            await RedisCliAsync(redis, "--rdb", _restored.File("dump.rdb"));
            await load.FinishAsync(sending);
            engine.Kill();
        }

        await using var copy = await RedisServer.StartAsync("--dir", _restored.Path, "--appendonly", "no");
        await RedisCliAsync(copy, "config", "set", "appendonly", "yes");
        await RedisCliAsync(copy, "del", "flywheel:members");
        using var folder = new TempFolder();
        await using var again = await EngineProcess.StartAsync(folder, SiloOn(copy));

        await load.AssertRestoredAsync(again.Api, before);
    }

    [Fact]
    public async Task Backup_ThatCannotWork_SaysWhyAndLeavesNothing()
    {
        var (code, _, error) = await CommandLine.RunAsync("backup", _data.Path, _restored.Path + "/copy");
        Assert.Equal(2, code);
        Assert.Contains("flywheel.db", error, StringComparison.Ordinal);

        await using (await EngineProcess.StartAsync(_data))
        {
            (code, _, error) = await CommandLine.RunAsync("backup", _data.Path, _restored.Path);
            Assert.Equal(2, code);
            Assert.Contains("is there already", error, StringComparison.Ordinal);
            (code, _, error) = await CommandLine.RunAsync("backup", _data.Path, _restored.Path + "/copy", "--token-key", _data.File("nothing"));
            Assert.Equal(2, code);
            Assert.Contains("--token-key", error, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFileSystemEntries(_restored.Path));
    }

    private static string[] SiloOn(RedisServer redis) =>
        ["--redis", RedisServer.Address(redis.Port), "--silo-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture), "--gateway-port", "0"];

    private static async Task RedisCliAsync(RedisServer redis, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("redis-cli", ["-p", redis.Port.ToString(CultureInfo.InvariantCulture), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await said + await error);
    }

    /// <summary>Requests of 20 signals each, an impression and a click of ten decisions. A request is appended as one, so a copy of one moment has all of it or nothing.</summary>
    private sealed class Load
    {
        private const int Requests = 200;
        private const int PerRequest = 20;
        private const int First = 20;

        private readonly TaskCompletionSource _begun = new();
        private string[] _requests = [];
        private int _acknowledged;

        /// <summary>Signals.</summary>
        public long Acknowledged => (long)Volatile.Read(ref _acknowledged) * PerRequest;

        /// <summary>Returns once some requests are acknowledged, and goes on.</summary>
        public async Task<Task> StartAsync(Api api)
        {
            (await api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([3], "\"rewards\":{\"click\":1}"))).Expect(201);
            var decisions = await api.DecideManyAsync(Campaign, Requests * PerRequest / 2);
            _requests = [.. decisions.Chunk(PerRequest / 2).Select(some => Wire.Array(some.SelectMany(decision => (string[])[Wire.Signal(decision, "impression"), Wire.Signal(decision, "click")])))];
            var sending = SendAsync(api);
            await Task.WhenAny(_begun.Task, sending);
            return sending;
        }

        public async Task FinishAsync(Task sending)
        {
            await sending;
            Assert.Equal(Requests * PerRequest, Acknowledged);
        }

        public async Task AssertRestoredAsync(Api api, long before)
        {
            var restored = await SettledAsync(api, "barrier-1", 0);
            var counted = restored.Ledger.Counted - 1;
            Assert.True(counted >= before && counted <= Acknowledged && counted % PerRequest == 0, $"Expected whole requests of {PerRequest}, from {before} to {Acknowledged} signals; came {restored.Ledger}");
            Assert.Equal((counted / 2, counted / 2), (restored.Segments[0].Impressions, (long)restored.Segments[0].Reward));

            foreach (var request in _requests)
                (await api.PostAsync("/v1/signals", request)).Expect(202);

            var all = await SettledAsync(api, "barrier-2", Acknowledged + 1);
            Assert.Equal((Acknowledged + 2, counted), (all.Ledger.Counted, all.Ledger.Duplicate));
            Assert.Equal((0, 0), (all.Ledger.Late, all.Ledger.Quarantined));
            Assert.Equal((Acknowledged / 2, Acknowledged / 2), (all.Segments[0].Impressions, (long)all.Segments[0].Reward));
        }

        private async Task SendAsync(Api api)
        {
            foreach (var request in _requests)
            {
                (await api.PostAsync("/v1/signals", request)).Expect(202);
                if (Interlocked.Increment(ref _acknowledged) == First)
                    _begun.TrySetResult();
            }
        }

        /// <summary>One segment is counted in order: once the barrier shows, all before it has.</summary>
        private static async Task<ScoreDocument> SettledAsync(Api api, string barrier, long least)
        {
            var before = (await api.ScoresAsync(Campaign)).Ledger.Accepted;
            await Eventually.ReadsAsync(() => api.PostAsync("/v1/signals", Wire.Observed(Campaign, barrier, "barrier")), answer => answer.Status == 202, "202");
            var last = -1L;
            return await Eventually.ReadsAsync(async () =>
            {
                var scores = await api.ScoresAsync(Campaign);
                await Task.Delay(300, Cancel);
                return scores;
            }, scores => scores.Ledger.Accepted > Math.Max(before, least) && scores.Ledger.Accepted == Interlocked.Exchange(ref last, scores.Ledger.Accepted), "a ledger with the barrier that stands still", scores => scores.Ledger);
        }
    }
}
