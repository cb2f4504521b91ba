using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Flywheel.Signals.Redis;
using Flywheel.TestKit;
using StackExchange.Redis;

namespace Flywheel.Signals.Tests.Redis;

/// <summary>A real redis-server on a free port of the loopback, in a folder of its own. Its data outlives a kill, not the disposal.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private const int MaxTries = 5;

    private static readonly string? Program = Programs.Find("redis-server");

    private static readonly string[] Settings = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flywheel-redis-");
    private readonly string[] _settings;
    private Process? _process;

    public RedisServer()
        : this([])
    {
    }

    private RedisServer(string[] settings) => _settings = settings;

    public int Port { get; private set; }

    /// <summary>The last file of the log of writes.</summary>
    public string AppendOnlyFile => Directory.GetFiles(Path.Combine(_folder.FullName, "appendonlydir"), "*.incr.aof").Order(StringComparer.Ordinal).Last();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts a server for one test.</summary>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        SkipWhereMissing();
        var server = new RedisServer(settings);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>A connection string that waits as long as a busy machine may take; what follows it takes its place.</summary>
    public static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},connectTimeout=30000,asyncTimeout=30000");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        for (var tries = 1; Port == 0; tries++)
        {
            Port = FreePort();
            if (await RunAsync())
                return;
            // Somebody else took the port meanwhile.
            Port = 0;
            Assert.True(tries < MaxTries, "redis-server does not start");
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public Task<RedisDatabase> ConnectAsync(string prefix = RedisDatabase.DefaultPrefix, string options = "")
    {
        SkipWhereMissing();
        return RedisDatabase.ConnectAsync(Address(Port) + options, prefix);
    }

    /// <summary>Ends the process without a word, as a crash does.</summary>
    public void Kill()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Lets the process stand still, or go on: STOP or CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancel);
    }

    /// <summary>Starts again where it was, on what is on disk.</summary>
    public async Task RestartAsync()
    {
        Kill();
        Assert.True(await RunAsync(), "redis-server does not start again");
    }

    /// <summary>Takes the latest writes off the log of a server that does not run.</summary>
    public void CutTail(int bytes)
    {
        using var file = File.OpenWrite(AppendOnlyFile);
        file.SetLength(file.Length - bytes);
    }

    /// <summary>Runs any command on a connection of its own.</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address(Port) + ",allowAdmin=true");
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    private static void SkipWhereMissing() =>
        Assert.SkipWhen(Program is null, "redis-server is missing: install it (Debian: apt-get install redis-server) to run this test.");

    /// <summary>Starts the process; false where it ended before it was ready.</summary>
    private async Task<bool> RunAsync()
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, WorkingDirectory = _folder.FullName };
        foreach (var setting in (string[])[.. Settings, "--port", Port.ToString(CultureInfo.InvariantCulture), .. _settings])
            start.ArgumentList.Add(setting);
        var isReady = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                isReady.TrySetResult(false);
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
                isReady.TrySetResult(true);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        if (await isReady.Task.WaitAsync(Cancel))
            return true;
        Kill();
        return false;
    }
}
