using System.Globalization;
using StackExchange.Redis;

namespace Flywheel.Signals.Redis;

/// <summary>What the engine needs of a Redis so that nothing that was acknowledged is lost.</summary>
public static class RedisRequirements
{
    public const int MinVersion = 7;

    private const string Probe = """
        #!lua flags=no-writes
        return redis.call('EXISTS', KEYS[1])
        """;

    /// <summary>Asks every server of this Redis that is connected, and runs a script on the keys' prefix.</summary>
    /// <exception cref="StoreUnavailableException">Redis is away.</exception>
    public static async Task<IReadOnlyList<RedisFinding>> CheckAsync(RedisDatabase database)
    {
        var servers = database.Connection.GetServers().Where(server => server.IsConnected).ToList();
        if (servers.Count == 0)
            await ThrowUnconnectedAsync(database);
        var scriptError = await RunScriptAsync(database);
        var findings = new List<RedisFinding>();
        foreach (var server in servers)
        {
            findings.AddRange(Judge(new RedisReadings(
                await AskAsync(async () => Parse(await server.InfoRawAsync())),
                await AskAsync(async () => Setting(await server.ExecuteAsync("CONFIG", "GET", "appendfsync"))),
                servers.Exists(other => other != server && !other.IsReplica),
                scriptError)));
        }
        return [.. findings.Distinct()];
    }

    /// <summary>What is wrong with a server that says this of itself; refusals first.</summary>
    public static IReadOnlyList<RedisFinding> Judge(RedisReadings readings)
    {
        var (info, findings) = (readings.Info, new List<RedisFinding>());
        void Refuse(string message) => findings.Add(new RedisFinding(true, message));

        if (readings.ScriptError is { } error)
            Refuse($"Redis does not run scripts on the keys of this prefix for this user: {error} Allow EVAL, EVALSHA and SCRIPT LOAD, and the prefix (ACL: +eval +evalsha +script|load ~flywheel:*).");
        if (info is null)
        {
            Refuse("This user may not ask Redis for INFO, so whether it evicts data is unknown. Allow it (ACL: +info).");
            return findings;
        }
        var (version, policy) = (info.GetValueOrDefault("redis_version", "unknown"), info.GetValueOrDefault("maxmemory_policy", "unknown"));
        if (MajorOf(version) < MinVersion)
            Refuse($"Redis is of version {version}; {MinVersion}.0 or newer is needed.");
        if (policy != "noeviction")
            Refuse($"Redis has maxmemory-policy {policy}, so it may throw signals and counts away. Set maxmemory-policy noeviction.");
        if (info.GetValueOrDefault("role", "master") != "master" && !readings.HasPrimary)
            Refuse($"This Redis is a replica of {info.GetValueOrDefault("master_host", "another")}, which takes no writes. Connect to its primary.");
        findings.AddRange(OfDurability(info, readings.AppendFsync).Select(message => new RedisFinding(false, message)));
        return findings;
    }

    private static IEnumerable<string> OfDurability(IReadOnlyDictionary<string, string> info, string? appendFsync)
    {
        if (info.GetValueOrDefault("aof_enabled") != "1")
        {
            yield return "Redis runs with appendonly no: when it stops, signals that were acknowledged since the last snapshot are lost. Set appendonly yes, and appendfsync always.";
            yield break;
        }
        if (info.GetValueOrDefault("aof_last_write_status", "ok") is var status and not "ok")
            yield return $"Redis could not write its append-only file ({status}) and refuses writes until it can. Look at its disk.";
        if (appendFsync is not (null or "always"))
            yield return $"Redis runs with appendfsync {appendFsync}: a crash of its machine can lose signals that were acknowledged in the last {(appendFsync == "everysec" ? "two seconds" : "half minute")}. Set appendfsync always where none may be lost.";
    }

    private static int MajorOf(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    private static Dictionary<string, string> Parse(string? info) => (info ?? "").Split('\n')
        .Select(line => line.Trim().Split(':', 2)).Where(pair => pair.Length == 2)
        .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static string? Setting(RedisResult answer) => answer.ToDictionary().Values.Select(value => (string?)value).FirstOrDefault();

    /// <summary>Null where the user may not ask.</summary>
    private static async Task<T?> AskAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await RedisDatabase.RunAsync(ask);
        }
        catch (StoreUnavailableException e) when (e.InnerException is RedisServerException)
        {
            return null;
        }
    }

    /// <summary>The inner exception says why.</summary>
    private static async Task ThrowUnconnectedAsync(RedisDatabase database)
    {
        const string Message = "No server of this Redis is connected.";
        try
        {
            await database.RunAsync(redis => redis.PingAsync());
        }
        catch (StoreUnavailableException e)
        {
            throw new StoreUnavailableException(Message, e);
        }
        throw new StoreUnavailableException(Message);
    }

    private static async Task<string?> RunScriptAsync(RedisDatabase database)
    {
        try
        {
            await database.RunAsync(Probe, [database.Prefix + "meta"], []);
            return null;
        }
        catch (StoreUnavailableException e) when (e.InnerException is RedisServerException error)
        {
            return error.Message;
        }
    }
}
