using System.Globalization;
using System.Text.RegularExpressions;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Tests;
using Flywheel.Grains.Tests.Storage;
using Flywheel.Signals.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Hosting;

/// <summary>A silo on a real Redis.</summary>
public sealed partial class ClusterTests : IAsyncLifetime
{
    private const int CannotStart = 2;
    private const string Members = "flywheel:members";

    private readonly TempFolder _data = new();
    private RedisServer _redis = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        await _redis.ExecuteAsync("ACL", "SETUSER", "poor", "on", ">right", "+@all", "-get", "-hsetnx", "~*");
        await _redis.ExecuteAsync("ACL", "SETUSER", "rich", "on", ">right", "+@all", "~*");
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Waiting for ever would look like a Redis that is away.</summary>
    [Theory]
    [InlineData("", false, "NOAUTH")]
    [InlineData("", true, "NOAUTH")]
    [InlineData(",user=rich,password=wrong", false, "NOAUTH")]
    [InlineData(",user=nobody,password=right", true, "NOAUTH")]
    [InlineData(",user=poor,password=right", false, "NOPERM")]
    [InlineData(",user=poor,password=right", true, "NOPERM")]
    public async Task Start_RedisTurnsTheUserAway_EndsWithCode2AndSaysWhatItAnswered(string user, bool hasKeyFile, string answer)
    {
        await _redis.ExecuteAsync("ACL", "SETUSER", "default", "off");
        string[] keys = hasKeyFile ? ["--token-key", _data.File("token.key")] : [];

        var (code, output) = await EngineProcess.RunAsync(["--urls", "http://127.0.0.1:0", "--data", _data.Path, .. Options(user), .. keys]);

        Assert.True(code == CannotStart, $"Expected code {CannotStart}; came {code}: {output}");
        Assert.Contains(output.Split('\n'), line => line.StartsWith($"flywheel: --redis: Redis answered \"{answer}", StringComparison.Ordinal) && line.Contains("user= and password=", StringComparison.Ordinal));
    }

    /// <summary>The store is all there, so nothing but its own look at the table tells the silo.</summary>
    [Fact]
    public async Task Decisions_MembershipRowGone_GoOnWhileTheSiloJoinsAnew()
    {
        await using var engine = await Engine.StartAsync(_data, args: Options());
        (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        var row = Assert.Single(await RowsAsync());

        // A sign of life that is on its way may put it back, and so does the old silo when it ends.
        await Eventually.ReadsAsync(async () =>
        {
            await _redis.ExecuteAsync("HDEL", Members, row);
            await engine.Api.DecideAsync("spring");
            return await RowsAsync();
        }, rows => rows.Any(other => other != row), "a row of a new silo", rows => string.Join(' ', rows));
        await Eventually.ReadsAsync(() => engine.Api.GetAsync("/health/ready"), health => health.Text.Contains("\"ready\"", StringComparison.Ordinal), "a silo that is ready", health => health.Text);
        (await engine.Api.PostAsync("/v1/signals", Wire.Signal(await engine.Api.DecideAsync("spring"), "impression"))).Expect(202);
        await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("spring"), scores => scores.Ledger.Counted == 1, "the signal", scores => scores.Ledger);
    }

    /// <summary>What Orleans' storage really writes: no CLR type name, and the same as the embedded store.</summary>
    [Fact]
    public async Task StoredCampaign_InRedis_IsTheDocumentItself()
    {
        await using (var engine = await Engine.StartAsync(_data, args: Options()))
            (await engine.Api.PutAsync("/v1/campaigns/stored", Documents.Spring())).Expect(201);

        var json = await StoredAsync("campaign", "flywheel.campaign/stored");
        var incarnation = ulong.Parse(Incarnation().Match(json).Groups[1].Value, CultureInfo.InvariantCulture);
        var revision = long.Parse(Revision().Match(json).Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.Equal(StoredCampaign.Of("stored", incarnation, revision), StoredCampaign.WithoutUntold(json));
        Assert.Equal(StoredCampaign.Headline, await StoredAsync("module", "flywheel.module/stored/headline/h1"));
    }

    [Fact]
    public async Task StoredCampaign_InRedisOfAnEarlierRelease_IsRead()
    {
        await _redis.ExecuteAsync("HSET", KeyOf("campaign", "flywheel.campaign/old"), "data", StoredCampaign.Of("old", 1_777_000_000_000), "etag", "3");
        await using var engine = await Engine.StartAsync(_data, args: Options());

        var campaign = engine.Services.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>("old");
        var published = (await campaign.DescribeAsync(Cancel))!.Published;
        Assert.Equal(("old", 1_777_000_000_000UL, 1L), (published.Id, published.Incarnation, published.Revision));

        var paused = (await campaign.SetStatusAsync(CampaignStatus.Paused, Cancel))!.Published;

        Assert.True(paused.Revision > 1);
        Assert.Contains($"\"Revision\":{paused.Revision},", await StoredAsync("campaign", "flywheel.campaign/old"), StringComparison.Ordinal);
    }

    [GeneratedRegex("\"Incarnation\":([0-9]+),")]
    private static partial Regex Incarnation();

    [GeneratedRegex("\"Revision\":(\\d+)")]
    private static partial Regex Revision();

    private static string KeyOf(string state, string grain) => $"flywheel:grain:{state}:{grain}";

    private async Task<string> StoredAsync(string state, string grain) => (string?)await _redis.ExecuteAsync("HGET", KeyOf(state, grain), "data") ?? "nothing";

    /// <summary>The names of the membership table's rows.</summary>
    private async Task<string[]> RowsAsync() =>
        [.. ((string[])(await _redis.ExecuteAsync("HKEYS", Members))!).Where(field => field.Contains("127.0.0.1", StringComparison.Ordinal))];

    private string[] Options(string user = "") =>
    [
        "--redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_redis.Port}{user}"), "--gateway-port", "0", "--drain-seconds", "0",
        "--silo-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture),
    ];
}
