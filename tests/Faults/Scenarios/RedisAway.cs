using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>A silo is started while Redis is gone: what it kept on its own disk serves decisions, and nothing else is promised.</summary>
public sealed class RedisAway : Scenario
{
    private const string Spring = "v1/campaigns/spring";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly byte[] Campaign = """{"slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"x"}}]}]}"""u8.ToArray();

    [Fact]
    public async Task Decisions_OfASiloThatStartsWithoutRedis_ComeFromItsDisk()
    {
        await using var cluster = await StartAsync(new ClusterOptions { Silos = 1 });
        var silo = cluster.Silos[0];
        Assert.Equal(201, (await SendAsync(silo, HttpMethod.Put, Spring, Campaign)).Status);
        Assert.Equal(0, await silo.TerminateAsync());
        cluster.Redis.Kill();

        await silo.StartAsync();

        Assert.Equal(Health.Degraded, await Health.ReadAsync(silo.Running));
        var decision = await SendAsync(silo, HttpMethod.Post, "v1/decisions", """{"campaign":"spring"}"""u8.ToArray());
        Assert.Equal(200, decision.Status);
        Assert.Equal(503, (await SendAsync(silo, HttpMethod.Post, "v1/decisions", """{"campaign":"unknown"}"""u8.ToArray())).Status);
        Assert.Equal(503, (await SendAsync(silo, HttpMethod.Put, Spring, Campaign)).Status);
        var signal = Encoding.UTF8.GetBytes($$"""{"decisionId":"{{JsonNode.Parse(decision.Body)!["decisionId"]}}","type":"impression"}""");
        var refused = await SendAsync(silo, HttpMethod.Post, "v1/signals", signal);
        Assert.Equal((503, true), (refused.Status, refused.RetryAfter > TimeSpan.Zero));

        await cluster.Redis.RestartAsync();
        await RecoverAsync(silo);

        Assert.Equal(202, (await SendAsync(silo, HttpMethod.Post, "v1/signals", signal)).Status);
    }

    private static Task<SiloAnswer> SendAsync(Member silo, HttpMethod method, string path, byte[] body) =>
        silo.Running.SendAsync(method, path, body, SiloCalls.Json, Timeout);
}
