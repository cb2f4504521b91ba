using System.Net;
using System.Net.Sockets;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Tests.Hosting;

/// <summary>An engine that cannot start as asked says so in a line and ends with code 2.</summary>
public sealed class OptionTests : IDisposable
{
    private const int CannotStart = 2;

    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("http://0.0.0.0:8080", "10.1.2.3")]
    [InlineData("http://+:8080;http://[::]:8081", "172.20.0.5")]
    [InlineData("http://192.168.1.5:8080", "fd12::7")]
    public void Validate_WithApiKeys_ListensBeyondLoopback(string urls, string advertise)
    {
        CommandLine.Validate(new FlywheelOptions { ApiKeys = "keys.json", Advertise = advertise }, urls);

        Assert.Throws<StartupException>(() => CommandLine.Validate(new FlywheelOptions { Advertise = advertise }, urls));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("172.32.0.1")]
    public void Validate_SiloPortsOnAPublicAddress_AreRefused(string advertise)
    {
        var refused = Assert.Throws<StartupException>(() => CommandLine.Validate(new FlywheelOptions { ApiKeys = "keys.json", Advertise = advertise }, FlywheelOptions.DefaultUrl));

        Assert.Contains($"--advertise: came {advertise}, a public address", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense", "Unknown option --nonsense")]
    [InlineData("--Data x", "Unknown option --Data")]
    [InlineData("stray", "Unknown option stray")]
    [InlineData("--partitions", "--partitions needs a value")]
    [InlineData("--partitions 0", "--partitions: came 0")]
    [InlineData("--partitions 65", "--partitions: came 65")]
    [InlineData("--partitions=-1", "--partitions: came -1")]
    [InlineData("--partitions many", "many")]
    [InlineData("--tenant-campaigns 0", "--tenant-campaigns: came 0")]
    [InlineData("--tenant-campaigns 10001", "--tenant-campaigns: came 10001")]
    [InlineData("--jwt-per-second 5", "--jwt-per-second: came 5 without --jwt-issuer")]
    [InlineData("--demo=maybe", "maybe")]
    [InlineData("--demo --demo-test 999", "--demo-test: came 999")]
    [InlineData("--urls http://0.0.0.0:0", "loopback")]
    [InlineData("--urls http://[::]:0", "loopback")]
    [InlineData("--urls http://*:0", "loopback")]
    [InlineData("--urls http://+:0", "loopback")]
    [InlineData("--urls http://192.168.1.5:8080", "loopback")]
    [InlineData("--urls http://example.com:8080", "loopback")]
    [InlineData("--urls http://127.0.0.1:0;http://0.0.0.0:0", "loopback")]
    [InlineData("--webhook-private", "--webhook-private needs a value")]
    [InlineData("--webhook-private inside", "--webhook-private: came inside")]
    [InlineData("--webhook-private 10.0.0.0/8,10.0.0.0/33", "--webhook-private: came 10.0.0.0/33")]
    [InlineData("--urls nonsense", "--urls: came nonsense")]
    [InlineData("--urls ftp://127.0.0.1:0", "ftp")]
    [InlineData("--orleans-dashboard --urls http://0.0.0.0:0", "expected an address on loopback")]
    [InlineData("--data /dev/null/here", "/dev/null/here")]
    [InlineData("--public-url ads.example.com", "--public-url: came ads.example.com")]
    [InlineData("--public-url https://ads.example.com/", "--public-url: came https://ads.example.com/")]
    [InlineData("--public-url https://ads.example.com?a=b", "--public-url: came https://ads.example.com?a=b")]
    [InlineData("--data=", "--data")]
    [InlineData("--export-every 01:00:00", "came without --export-dir")]
    [InlineData("--export-keep 3", "came without --export-dir")]
    [InlineData("--export-format csv", "came without --export-dir")]
    [InlineData("--export-dir=", "--export-dir: came nothing")]
    [InlineData("--export-dir /dev/null/here", "--export-dir: came /dev/null/here")]
    [InlineData("--export-dir x --export-every 00:00:00", "--export-every: came 00:00:00")]
    [InlineData("--export-dir x --export-every 32.00:00:00", "--export-every: came 32.00:00:00")]
    [InlineData("--export-dir x --export-every hourly", "hourly")]
    [InlineData("--export-dir x --export-keep 0", "--export-keep: came 0")]
    [InlineData("--export-dir x --export-format xml", "xml")]
    [InlineData("--export-dir x --export-format 7", "--export-format: came 7")]
    [InlineData("--token-key /nowhere/token.key", "/nowhere/token.key")]
    [InlineData("--max-backlog 0", "--max-backlog: came 0; expected 1 to 1000000000")]
    [InlineData("--max-backlog 1000000001", "--max-backlog: came 1000000001")]
    [InlineData("--max-backlog much", "much")]
    [InlineData("--redis=", "--redis: came nothing")]
    [InlineData("--redis 127.0.0.1:1,nonsense=1", "--redis")]
    [InlineData("--redis-prefix {x}:", "--redis-prefix: came \"{x}:\"")]
    [InlineData("--silo-port 0", "--silo-port: came 0")]
    [InlineData("--silo-port 70000", "--silo-port: came 70000")]
    [InlineData("--gateway-port -1", "--gateway-port: came -1")]
    [InlineData("--gateway-port 11111", "--gateway-port: came 11111")]
    [InlineData("--advertise 10.0.0.1", "--advertise: came 10.0.0.1")]
    [InlineData("--api-keys /nowhere/keys.json", "--api-keys /nowhere/keys.json")]
    [InlineData("--api-keys=", "--api-keys: came nothing")]
    [InlineData("--jwt-issuer https://id.example", "--jwt-issuer, --jwt-audience, --jwt-keys: came some of them; expected all three.")]
    [InlineData("--jwt-issuer a --jwt-audience b --jwt-keys /nowhere/jwks.json", "--jwt-keys /nowhere/jwks.json")]
    [InlineData("--jwt-algorithm HS256", "--jwt-algorithm: came HS256; expected one of RS256")]
    [InlineData("--jwt-algorithm none", "--jwt-algorithm: came none")]
    [InlineData("--urls https://127.0.0.1:0", "expected a --certificate for it")]
    [InlineData("--urls https://127.0.0.1:0 --certificate /nowhere/tls.pem", "--certificate /nowhere/tls.pem")]
    [InlineData("--certificate-key /nowhere/tls.key", "--certificate-key: came without --certificate")]
    [InlineData("--drain-seconds 601", "--drain-seconds: came 601")]
    [InlineData("--otlp-endpoint nonsense", "--otlp-endpoint: came nonsense; expected an http or https address")]
    [InlineData("--otlp-endpoint ftp://127.0.0.1", "--otlp-endpoint: came ftp://127.0.0.1")]
    [InlineData("--trace-ratio 1.5", "--trace-ratio: came 1.5; expected 0 to 1.")]
    [InlineData("--trace-ratio NaN", "--trace-ratio: came NaN")]
    [InlineData("--log-format xml", "xml")]
    [InlineData("--log-format 7", "--log-format: came 7; expected text or json.")]
    [InlineData("--model-url http://127.0.0.1:9000/v1", "--model: came nothing; expected the model's name beside --model-url.")]
    [InlineData("--model small", "--model-url: came nothing; expected the address of the model beside --model, such as http://127.0.0.1:9000/v1.")]
    [InlineData("--model-url=nonsense --model small", "--model-url: came nonsense; expected an absolute http or https address")]
    [InlineData("--model-url ftp://127.0.0.1/v1 --model small", "--model-url: came an address of another form; expected an absolute http or https address without user, query and fragment.")]
    [InlineData("--model-url http://user:secret@127.0.0.1/v1 --model small", "--model-url: came an address of another form")]
    [InlineData("--model-timeout-seconds 5", "--model-timeout-seconds: came without a model; expected --model-url and --model beside it.")]
    [InlineData("--model-url http://127.0.0.1:9000/v1 --model small --model-timeout-seconds 301", "--model-timeout-seconds: came 301; expected 1 to 300.")]
    [InlineData("--model-url http://127.0.0.1:9000/v1 --model small --model-tool-rounds 1.5", "--model-tool-rounds: came 1.5; expected a whole number, 0 to 8.")]
    [InlineData("--model-url http://127.0.0.1:9000/v1 --model small --model-input-price -1", "--model-input-price: came -1; expected 0 to 100000.")]
    public async Task Start_OptionThatCannotWork_EndsWithCode2AndSaysWhy(string options, string message) =>
        await AssertRefusesAsync([.. Defaults(options), .. options.Split(' ')], message);

    [Theory]
    [InlineData("FLYWHEEL__PARTITIONS", "99", "--partitions: came 99")]
    [InlineData("FLYWHEEL__MAXBACKLOG", "0", "--max-backlog: came 0")]
    [InlineData("URLS", "http://0.0.0.0:0", "loopback")]
    [InlineData("FLYWHEEL__MODEL", "small", "--model-url: came nothing")]
    [InlineData("FLYWHEEL__MODELURL", "http://127.0.0.1:9000/v1", "--model: came nothing")]
    public async Task Start_EnvironmentThatCannotWork_EndsWithCode2AndSaysWhy(string name, string value, string message) =>
        await AssertRefusesAsync(["--data", _data.Path], message, new Dictionary<string, string> { [name] = value });

    [Theory]
    [InlineData("http://models.example.com/v1", "--model-url: came http with a key; expected https, since a key would cross the network in the clear.")]
    [InlineData("https://models.example.com/v1", "FLYWHEEL__MODEL__KEY: came a key with other characters; expected printable ASCII without spaces.")]
    public async Task Start_ModelKeyThatCannotBeSent_EndsWithCode2AndDoesNotShowIt(string url, string message)
    {
        var key = url.StartsWith("https", StringComparison.Ordinal) ? "sk-ünsafe-5f3c9a" : "sk-safe-5f3c9a";

        var output = await AssertRefusesAsync([.. Defaults(), "--model-url", url, "--model", "small"], message, new Dictionary<string, string> { ["FLYWHEEL__MODEL__KEY"] = key });

        Assert.DoesNotContain("5f3c9a", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no key at all")]
    [InlineData("# only a comment")]
    [InlineData("xyz AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("00000001 AAAA")]
    [InlineData("00000001 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n00000001 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=")]
    public async Task Start_TokenKeyFileThatIsNone_EndsWithCode2AndSaysWhy(string keys)
    {
        var file = _data.File("broken.key");
        await File.WriteAllTextAsync(file, keys, TestContext.Current.CancellationToken);

        await AssertRefusesAsync([.. Defaults(), "--token-key", file], file);
    }

    [Fact]
    public async Task Start_DataThatIsNoDatabase_EndsWithCode2AndSaysWhy()
    {
        await File.WriteAllTextAsync(_data.File("flywheel.db"), new string('x', 5_000), TestContext.Current.CancellationToken);

        await AssertRefusesAsync(Defaults(), "flywheel.db");
    }

    [Fact]
    public async Task Start_PortInUse_EndsWithCode2AndSaysWhy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        await AssertRefusesAsync(["--data", _data.Path, "--urls", url], url);
    }

    [Fact]
    public async Task Start_DataFolderOfARunningEngine_EndsWithCode2AndSaysWhy()
    {
        await using var engine = await Engine.StartAsync(_data);

        await AssertRefusesAsync(Defaults(), "in use by another engine");

        (await engine.Api.GetAsync("/health/ready")).Expect(200);
    }

    [Fact]
    public async Task Start_OtherPartitionsThanTheData_EndsWithCode2AndSaysWhich()
    {
        await using (await EngineProcess.StartAsync(_data, "--partitions", "4"))
        {
        }

        await AssertRefusesAsync([.. Defaults(), "--partitions", "8"], "--partitions 4");
    }

    [Fact]
    public async Task Start_Help_PrintsTheOptionsAndEnds()
    {
        var (code, output) = await EngineProcess.RunAsync(["--help"]);

        Assert.Equal(0, code);
        foreach (var option in (string[])["--data", "--urls", "--partitions", "--token-key", "--max-backlog", "--demo", "--redis", "--silo-port", "--gateway-port", "--drain-seconds", "--model-url", "--model", "FLYWHEEL__MODEL__KEY"])
            Assert.Contains(option, output, StringComparison.Ordinal);
    }

    private string[] Defaults(string options = "") =>
    [
        .. options.Contains("--data", StringComparison.Ordinal) ? [] : new[] { "--data", _data.Path },
        .. options.Contains("--urls", StringComparison.Ordinal) ? [] : new[] { "--urls", "http://127.0.0.1:0" },
    ];

    private static async Task<string> AssertRefusesAsync(IEnumerable<string> args, string message, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, output) = await EngineProcess.RunAsync(args, environment);

        Assert.True(code == CannotStart, $"Expected code {CannotStart}; came {code}: {output}");
        Assert.Contains(output.Split('\n'), line => line.StartsWith("flywheel: ", StringComparison.Ordinal) && line.Contains(message, StringComparison.Ordinal));
        return output;
    }
}
