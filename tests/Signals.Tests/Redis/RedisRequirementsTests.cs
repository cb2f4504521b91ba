using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Flywheel.Signals.Redis;

namespace Flywheel.Signals.Tests.Redis;

/// <summary>What is found about a Redis before anything is entrusted to it: judged from what it says, and asked of real servers.</summary>
public sealed class RedisRequirementsTests
{
    private static readonly Dictionary<string, string> Right = new()
    {
        ["redis_version"] = "7.0.15",
        ["maxmemory_policy"] = "noeviction",
        ["role"] = "master",
        ["aof_enabled"] = "1",
        ["aof_last_write_status"] = "ok",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Judge_WhatIsRight_FindsNothing()
    {
        Assert.Empty(Judge(Right, appendFsync: "always"));
        Assert.Empty(Judge(Right, appendFsync: null));
    }

    [Theory]
    [InlineData("redis_version", "6.2.14", true, "of version 6.2.14; 7.0 or newer")]
    [InlineData("redis_version", "?", true, "of version ?; 7.0 or newer")]
    [InlineData("maxmemory_policy", "allkeys-lru", true, "maxmemory-policy allkeys-lru, so it may throw signals and counts away. Set maxmemory-policy noeviction.")]
    [InlineData("maxmemory_policy", "volatile-ttl", true, "Set maxmemory-policy noeviction.")]
    [InlineData("role", "slave", true, "Connect to its primary.")]
    [InlineData("aof_enabled", "0", false, "Set appendonly yes")]
    [InlineData("aof_last_write_status", "err", false, "Look at its disk.")]
    public void Judge_OneThingThatIsNot_SaysWhatCameAndWhatWouldBeRight(string name, string value, bool isRefusal, string message)
    {
        var finding = Assert.Single(Judge(new Dictionary<string, string>(Right) { [name] = value }));
        Assert.Equal(isRefusal, finding.IsRefusal);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("everysec", "the last two seconds")]
    [InlineData("no", "the last half minute")]
    public void Judge_AppendFsync_WarnsOfWhatMayBeLost(string appendFsync, string message)
    {
        var finding = Assert.Single(Judge(Right, appendFsync));
        Assert.False(finding.IsRefusal);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_AReplicaBesideAPrimary_IsRight() =>
        Assert.Empty(RedisRequirements.Judge(new RedisReadings(new Dictionary<string, string>(Right) { ["role"] = "slave" }, "always", HasPrimary: true, null)));

    [Fact]
    public void Judge_NoInfoAndNoScripts_RefusesForBoth()
    {
        var findings = RedisRequirements.Judge(new RedisReadings(null, null, false, "NOPERM no eval."));
        Assert.Equal([true, true], findings.Select(finding => finding.IsRefusal));
        Assert.Contains("NOPERM no eval. Allow EVAL", findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("+info", findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfAnEvictingRedis_IsRefused()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru", "--maxmemory", "100mb");
        await using var database = await server.ConnectAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(database));

        Assert.Contains("Set maxmemory-policy noeviction.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfARedisWithoutAppendOnlyFile_Warns()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var database = await server.ConnectAsync();
        await using var store = await OpenAsync(database);

        Assert.Contains("Set appendonly yes", Assert.Single(store.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfARedisThatFlushesAlways_HasNoWarning()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always");
        await using var database = await server.ConnectAsync();
        await using var store = await OpenAsync(database);

        Assert.Empty(store.Warnings);
    }

    [Fact]
    public async Task Open_OfAReplica_IsRefused()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        await using var database = await replica.ConnectAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(database));

        Assert.Equal("This Redis is a replica of 127.0.0.1, which takes no writes. Connect to its primary.", error.Message);
    }

    /// <summary>The rights that the documentation asks for are enough; CONFIG is not among them.</summary>
    [Fact]
    public async Task Open_AsAUserWithTheDocumentedRights_Works()
    {
        await using var server = await RedisServer.StartAsync();
        await server.ExecuteAsync("ACL", "SETUSER", "fly", "on", ">secret", "~flywheel:*", "resetchannels", "-@all", "+@connection", "+@read", "+@write", "+eval", "+evalsha", "+script|load", "+info", "+time");
        await using var database = await server.ConnectAsync(options: ",user=fly,password=secret");
        await using var store = await OpenAsync(database);
        await store.AppendAsync(new AppendBatch(1, 1, [new(0, 1, [1])]), Cancel);
        var core = new PartitionCore(await store.OpenAsync(0, Cancel));
        core.Apply((await store.ReadAsync(0, 0, 10, Cancel))[0]);

        Assert.True(await store.CommitAsync(core.TakeCommit(out _)!, Cancel));
        Assert.Equal(new(1, 0, 0, 0, 1), new PartitionCore(await store.OpenAsync(0, Cancel)).Ledger);
        Assert.Empty(store.Warnings);
    }

    [Theory]
    [InlineData("-eval -evalsha -script", "Allow EVAL")]
    [InlineData("resetkeys ~other:*", "~flywheel:*")]
    [InlineData("-info", "+info")]
    public async Task Open_AsAUserWhoMayNotDoEnough_IsRefused(string rights, string message)
    {
        await using var server = await RedisServer.StartAsync();
        await server.ExecuteAsync("ACL", ["SETUSER", "fly", "on", ">secret", "~*", "&*", "+@all", .. rights.Split(' ')]);
        await using var database = await server.ConnectAsync(options: ",user=fly,password=secret");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(database));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithAWrongPassword_SaysSo()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "secret");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => server.ConnectAsync(options: ",password=wrong,connectTimeout=5000"));
    }

    /// <summary>TLS is spoken where the connection string asks for it, and a certificate that nobody vouches for is not taken.</summary>
    [Fact]
    public async Task Connect_ByTlsToAnUntrustedCertificate_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("flywheel-tls-");
        try
        {
            var (certificate, key) = WriteCertificate(folder.FullName);
            var port = RedisServer.FreePort();
            await using var server = await RedisServer.StartAsync(
                "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no");
            await using var plain = await server.ConnectAsync();

            var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => RedisDatabase.ConnectAsync(RedisServer.Address(port) + ",ssl=true,sslHost=localhost,connectTimeout=5000"));

            Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (certificatePath, keyPath) = (Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return (certificatePath, keyPath);
    }

    private static Task<RedisSignalStore> OpenAsync(RedisDatabase database) => RedisSignalStore.OpenAsync(database, 2, TimeProvider.System, Cancel);

    private static IReadOnlyList<RedisFinding> Judge(Dictionary<string, string> info, string? appendFsync = "always") =>
        RedisRequirements.Judge(new RedisReadings(info, appendFsync, HasPrimary: false, ScriptError: null));
}
