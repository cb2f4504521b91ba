using StackExchange.Redis;

namespace Flywheel.Signals.Redis;

/// <summary>One Redis and the keys of one Flywheel in it, which all begin with a prefix.</summary>
public sealed class RedisDatabase : IAsyncDisposable
{
    public const string DefaultPrefix = "flywheel:";

    private const int ReconnectEveryMs = 500;

    /// <summary>What an answer begins with where the user is turned away: no or a wrong password, or a right that is missing.</summary>
    private static readonly string[] Refusals = ["NOAUTH", "WRONGPASS", "NOPERM"];

    private readonly IDatabase _database;

    private RedisDatabase(ConfigurationOptions options, ConnectionMultiplexer connection, string prefix) =>
        (Options, Connection, Prefix, _database) = (options, connection, prefix, connection.GetDatabase());

    /// <summary>How the connection was made, for whoever makes another to the same Redis.</summary>
    public ConfigurationOptions Options { get; }

    public IConnectionMultiplexer Connection { get; }

    public string Prefix { get; }

    /// <summary>Connects.</summary>
    /// <param name="connectionString">Of StackExchange.Redis: host and port, then <c>user=</c>, <c>password=</c>, <c>ssl=true</c> and so on.</param>
    /// <param name="prefix">What every key begins with; without braces, which are for the hash tag of a partition.</param>
    /// <param name="mayBeAway">Returns also where Redis is away, and goes on trying.</param>
    /// <exception cref="ArgumentException">The connection string or the prefix cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">Redis is away, or turned the user away.</exception>
    public static async Task<RedisDatabase> ConnectAsync(string connectionString, string prefix = DefaultPrefix, bool mayBeAway = false)
    {
        if (prefix.AsSpan().ContainsAny('{', '}'))
            throw new ArgumentException($"The prefix of the keys must be without braces; came \"{prefix}\".", nameof(prefix));
        var options = ConfigurationOptions.Parse(connectionString);
        // What cannot be sent now must not land later, behind the back of a caller that has been told it failed.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectEveryMs);
        // INFO and CONFIG GET count as administration; see RedisRequirements.
        options.AllowAdmin = true;
        options.AbortOnConnectFail = !mayBeAway;
        return await RunAsync(async () => new RedisDatabase(options, await ConnectionMultiplexer.ConnectAsync(options), prefix));
    }

    /// <summary>What Redis answered where it turned the user away; null where this is about something else.</summary>
    public static string? RefusalOf(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            foreach (var refusal in Refusals)
            {
                // The driver puts the answer to its greeting into a sentence of its own.
                if (e.Message.IndexOf(refusal, StringComparison.Ordinal) is var at and >= 0)
                    return e.Message[at..].Split(['.', ',', ';'], 2)[0];
            }
        }
        return null;
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    internal Task<T> RunAsync<T>(Func<IDatabase, Task<T>> work) => RunAsync(() => work(_database));

    /// <summary>Runs a script; it is sent in full only where the server does not know it (any more).</summary>
    internal Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] values) =>
        RunAsync(database => database.ScriptEvaluateAsync(script, keys, values));

    internal static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RedisServerException e)
        {
            throw new StoreUnavailableException($"Redis refused: {e.Message}", e);
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            throw new StoreUnavailableException($"Redis did not answer: {e.Message}", e);
        }
    }
}
