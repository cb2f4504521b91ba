using System.Globalization;
using Flywheel.Signals.Tests.Redis;
using Flywheel.TestKit;

namespace Flywheel.Faults.Processes;

/// <summary>Real silo processes on a real redis-server, or one engine with the embedded store; all on the loopback, all gone at the end.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string DrainSeconds = "2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flywheel-faults-");
    private readonly RedisServer? _redis;

    private Cluster(ClusterOptions options, RedisServer? redis)
    {
        _redis = redis;
        var many = redis is null ? 1 : options.Silos;
        Proxies = redis is not null && options.HasProxies ? [.. Enumerable.Range(0, many).Select(_ => new FaultProxy(redis.Port))] : [];
        Silos = [.. Enumerable.Range(0, many).Select(i => new Member($"silo {i + 1}", Arguments(options, i)))];
    }

    public IReadOnlyList<Member> Silos { get; }

    /// <summary>One for each silo, where they were asked for.</summary>
    public IReadOnlyList<FaultProxy> Proxies { get; }

    public RedisServer Redis => _redis ?? throw new InvalidOperationException("The embedded engine has no Redis.");

    /// <summary>Starts everything and waits until it is ready. Skips the test where redis-server is missing.</summary>
    public static async Task<Cluster> StartAsync(ClusterOptions options)
    {
        var redis = options.HasRedis ? await RedisServer.StartAsync([.. options.RedisSettings]) : null;
        var cluster = new Cluster(options, redis);
        try
        {
            // The first one makes the token key that all of them share.
            await cluster.Silos[0].StartAsync();
            await Task.WhenAll(cluster.Silos.Skip(1).Select(silo => silo.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
            await silo.DisposeAsync();
        foreach (var proxy in Proxies)
            proxy.Dispose();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private List<string> Arguments(ClusterOptions options, int silo)
    {
        List<string> args =
        [
            "--urls", "http://127.0.0.1:0",
            "--data", Path.Combine(_folder.FullName, Text(silo + 1)),
            "--partitions", Text(options.Partitions),
            "--token-key", Path.Combine(_folder.FullName, "token.key"),
        ];
        if (options.MaxBacklog is { } most)
            args.AddRange(["--max-backlog", Text(most)]);
        if (_redis is not null)
        {
            var port = Proxies.Count > 0 ? Proxies[silo].Port : _redis.Port;
            args.AddRange(["--redis", $"127.0.0.1:{Text(port)}", "--redis-prefix", "flywheel:"]);
            args.AddRange(["--silo-port", Text(Ports.Free()), "--gateway-port", "0", "--drain-seconds", DrainSeconds]);
        }
        return args;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
