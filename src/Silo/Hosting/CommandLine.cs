using System.Globalization;
using System.Net;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Exports;
using Flywheel.Silo.Demo;

namespace Flywheel.Silo.Hosting;

/// <summary>Reads the command line strictly: an option that is not known is an error, not a silence.</summary>
internal static class CommandLine
{
    public const string Help = """
        flywheel engine
          --data DIR         where data is kept (./data)
          --urls URL[;URL]   where to listen (http://127.0.0.1:8080); loopback only
          --partitions N     partitions of the signal log, 1 to 64 (16); fixed once data is there
          --token-key FILE   keys of the decision tokens (token.key in the data folder)
          --max-backlog N    signals that may wait to be counted before new ones get 429 (4000000)
          --tenant-campaigns N  campaigns that a tenant may have, 1 to 10000 (1000 with --api-keys or --jwt-issuer, else 10000)
          --redis CONN       be a silo of a cluster on this Redis (StackExchange.Redis connection string)
          --redis-prefix P   what every key in Redis begins with (flywheel:)
          --silo-port N      where this silo hears the others (11111)
          --gateway-port N   where it hears Orleans clients (30000); 0 for none
          --advertise IP     the address at which the others reach it (127.0.0.1)
          --drain-seconds N  how long requests are taken after SIGTERM (5 in a cluster, else 0)
          --api-keys FILE    callers need a key of this file (made by: flywheel keys create); without it the engine is heard on this machine alone
          --jwt-issuer URL --jwt-audience NAME --jwt-keys FILE
                             tokens of this issuer are taken, too; the file is its JWK set. Claims: tenant, and role
          --jwt-algorithm A  the one they are signed with (RS256): RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512
          --jwt-per-second N  requests a second that each silo takes of one subject of that issuer; no limit without it
          --certificate FILE --certificate-key FILE
                             PEM, for --urls https://…
          --beacon-cap N     beacons a minute that are believed of one source (300); 0 for no bound. This machine itself has none
          --trusted-proxies LIST  proxies, as addresses or networks, whose X-Forwarded-For and X-Forwarded-Proto are believed
          --public-url URL   where the public reaches the engine (https://ads.example.com): beacons in bids begin with it; without it they begin with the address that was asked
          --webhook-private LIST  private addresses or networks that webhooks may be sent to; none without it
          --kafka-brokers LIST --kafka-topics LIST
                             signals are read from these topics, too; topic=tenant where it is not the default tenant's
          --kafka-group NAME   the consumer group (flywheel); another one reads from the beginning
          --kafka-config FILE  more librdkafka properties, key=value a line: security, auto.offset.reset
          --kafka-dead-letters TOPIC  where rejected signals go; none without it
          --grafana-url URL  where dashboards show the metrics; /v1/cluster and the dashboard link to it
          --otlp-endpoint URL  where traces are sent, OTLP over HTTP (http://127.0.0.1:4318); none without it
          --trace-ratio R    the share of requests that are traced, 0 to 1 (0.01)
          --log-format F     text or json, one object a line (text)
          --export-dir DIR   write scores and logs there as files, a folder for each round; none without it
          --export-every T   how often (01:00:00), 00:00:01 to 31.00:00:00
          --export-keep N    how many rounds are kept (24), 1 to 10000
          --export-format F  csv, ndjson or parquet (parquet)
          --orleans-dashboard  the Orleans dashboard at /orleans/, on every silo of a cluster or none; with keys it takes an admin's
          --model-url URL    a language model writes: the address of its API, OpenAI's chat protocol (http://127.0.0.1:9000/v1)
          --model NAME       the model's name there; its key, if any, in FLYWHEEL__MODEL__KEY
          --model-timeout-seconds N  how long it may take for a request, 1 to 300 (60); half of it a call
          --model-tool-rounds N      how often it may call functions for a request, 0 to 8 (3); 0 where its server knows no tools
          --model-input-price P      of a million tokens read, 0 to 100000 (0); so for --model-output-price and those written
          --image-origins O  where images of modules may be loaded from into the dashboard (https://cdn.example), several with commas; none without it
          --cors-origins O   pages that may read the API from a browser (https://desk.example), several with commas; none without it
          --demo             run the demo: real headlines, a simulated audience
          --demo-test N      which of the bundled headline tests (1)
          --help             this text
        The same as environment variables: FLYWHEEL__ and the name of the option in capitals without dashes, such as FLYWHEEL__SILOPORT; URLS
        for --urls.
        """;

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["--data"] = "Flywheel:Data",
        ["--partitions"] = "Flywheel:Partitions",
        ["--token-key"] = "Flywheel:TokenKey",
        ["--max-backlog"] = "Flywheel:MaxBacklog",
        ["--tenant-campaigns"] = "Flywheel:TenantCampaigns",
        ["--redis"] = "Flywheel:Redis",
        ["--redis-prefix"] = "Flywheel:RedisPrefix",
        ["--silo-port"] = "Flywheel:SiloPort",
        ["--gateway-port"] = "Flywheel:GatewayPort",
        ["--advertise"] = "Flywheel:Advertise",
        ["--drain-seconds"] = "Flywheel:DrainSeconds",
        ["--api-keys"] = "Flywheel:ApiKeys",
        ["--jwt-issuer"] = "Flywheel:JwtIssuer",
        ["--jwt-audience"] = "Flywheel:JwtAudience",
        ["--jwt-keys"] = "Flywheel:JwtKeys",
        ["--jwt-algorithm"] = "Flywheel:JwtAlgorithm",
        ["--jwt-per-second"] = "Flywheel:JwtPerSecond",
        ["--certificate"] = "Flywheel:Certificate",
        ["--certificate-key"] = "Flywheel:CertificateKey",
        ["--beacon-cap"] = "Flywheel:BeaconCap",
        ["--trusted-proxies"] = "Flywheel:TrustedProxies",
        ["--public-url"] = "Flywheel:PublicUrl",
        ["--webhook-private"] = "Flywheel:WebhookPrivate",
        ["--kafka-brokers"] = "Flywheel:KafkaBrokers",
        ["--kafka-topics"] = "Flywheel:KafkaTopics",
        ["--kafka-group"] = "Flywheel:KafkaGroup",
        ["--kafka-config"] = "Flywheel:KafkaConfig",
        ["--kafka-dead-letters"] = "Flywheel:KafkaDeadLetters",
        ["--grafana-url"] = "Flywheel:GrafanaUrl",
        ["--otlp-endpoint"] = "Flywheel:OtlpEndpoint",
        ["--trace-ratio"] = "Flywheel:TraceRatio",
        ["--log-format"] = "Flywheel:LogFormat",
        ["--export-dir"] = "Flywheel:ExportDir",
        ["--export-every"] = "Flywheel:ExportEvery",
        ["--export-keep"] = "Flywheel:ExportKeep",
        ["--export-format"] = "Flywheel:ExportFormat",
        ["--orleans-dashboard"] = "Flywheel:OrleansDashboard",
        ["--model-url"] = "Flywheel:ModelUrl",
        ["--model"] = "Flywheel:Model",
        ["--model-timeout-seconds"] = "Flywheel:ModelTimeoutSeconds",
        ["--model-tool-rounds"] = "Flywheel:ModelToolRounds",
        ["--model-input-price"] = "Flywheel:ModelInputPrice",
        ["--model-output-price"] = "Flywheel:ModelOutputPrice",
        ["--image-origins"] = "Flywheel:ImageOrigins",
        ["--cors-origins"] = "Flywheel:CorsOrigins",
        ["--demo"] = "Flywheel:Demo",
        ["--demo-test"] = "Flywheel:DemoTest",
        ["--urls"] = "urls",
        ["--environment"] = "environment",
    };

    /// <summary>With a public key alone: one that is shared would let every verifier sign.</summary>
    private static readonly string[] JwtAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Turns arguments into configuration.</summary>
    /// <exception cref="StartupException">An option is unknown or lacks its value.</exception>
    public static Dictionary<string, string?> Parse(IReadOnlyList<string> args)
    {
        var settings = new Dictionary<string, string?>();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!Options.TryGetValue(name, out var key))
                throw new StartupException($"Unknown option {name}. Known: {string.Join(", ", Options.Keys)}.");
            if (name is "--demo" or "--orleans-dashboard")
                value ??= "true";
            else
                value ??= ++i < args.Count ? args[i] : throw new StartupException($"{name} needs a value.");
            settings[key] = value;
        }
        return settings;
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="StartupException">A value is of the wrong type.</exception>
    public static FlywheelOptions Bind(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(FlywheelOptions.Section).Get<FlywheelOptions>() ?? new FlywheelOptions();
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException($"{e.Message} See --help.", e);
        }
    }

    /// <summary>Checks options that come from any source.</summary>
    /// <exception cref="StartupException">A value cannot work.</exception>
    public static void Validate(FlywheelOptions options, string urls)
    {
        if (string.IsNullOrWhiteSpace(options.Data))
            throw new StartupException("--data: came nothing; expected a folder.");
        if (options.Demo && (options.DemoTest < 1 || options.DemoTest > HeadlineTest.LoadAll().Count))
            throw new StartupException($"--demo-test: came {options.DemoTest}; expected 1 to {HeadlineTest.LoadAll().Count}.");
        if (options.Partitions is < 1 or > 64)
            throw new StartupException($"--partitions: came {options.Partitions}; expected 1 to 64.");
        if (options.MaxBacklog is < 1 or > 1_000_000_000)
            throw new StartupException($"--max-backlog: came {options.MaxBacklog}; expected 1 to 1000000000.");
        if (options.TenantCampaigns is < 1 or > Limits.Campaigns)
            throw new StartupException($"--tenant-campaigns: came {options.TenantCampaigns}; expected 1 to {Limits.Campaigns}.");
        if (options.PublicUrl is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var reached) && reached.Scheme is "http" or "https" && !address.EndsWith('/') && !address.AsSpan().ContainsAny('?', '#')))
            throw new StartupException($"--public-url: came {address}; expected an http or https address that ends in no slash such as https://ads.example.com.");
        if (options.GrafanaUrl is { } grafana && !(Uri.TryCreate(grafana, UriKind.Absolute, out var link) && (link.Scheme == Uri.UriSchemeHttp || link.Scheme == Uri.UriSchemeHttps)))
            throw new StartupException($"--grafana-url: came {grafana}; expected an http or https address such as https://grafana.example.com.");
        if (options.OtlpEndpoint is { } otlp && !(Uri.TryCreate(otlp, UriKind.Absolute, out var collector) && (collector.Scheme == Uri.UriSchemeHttp || collector.Scheme == Uri.UriSchemeHttps)))
            throw new StartupException($"--otlp-endpoint: came {otlp}; expected an http or https address such as http://127.0.0.1:4318.");
        if (!(options.TraceRatio is >= 0 and <= 1))
            throw new StartupException(string.Create(CultureInfo.InvariantCulture, $"--trace-ratio: came {options.TraceRatio}; expected 0 to 1."));
        if (!Enum.IsDefined(options.LogFormat))
            throw new StartupException($"--log-format: came {(int)options.LogFormat}; expected text or json.");
        ValidateExport(options);
        ValidateCluster(options);
        ValidateCredentials(options);
        ValidateOrigins("--image-origins", options.ImageOriginList, "https://cdn.example");
        ValidateOrigins("--cors-origins", options.CorsOriginList, "https://desk.example");
        ValidateNetworks("--trusted-proxies", options.TrustedProxyList);
        ValidateNetworks("--webhook-private", options.WebhookPrivateList);
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            ValidateUrl(url, options);
    }

    private static void ValidateOrigins(string name, IReadOnlyList<string> origins, string example)
    {
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new StartupException($"{name}: came {origin}; expected origins such as {example}, several with commas.");
        }
    }

    private static void ValidateUrl(string url, FlywheelOptions options)
    {
        // "+" and "*" are every address of the machine, and no URI.
        if (!Uri.TryCreate(url.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            throw new StartupException($"--urls: came {url}; expected an http or https address such as {FlywheelOptions.DefaultUrl}.");
        if (uri.Scheme == Uri.UriSchemeHttps && options.Certificate is null)
            throw new StartupException($"--urls: came {url}; expected a --certificate for it.");
        if (!options.HasCredentials && !IsLoopback(uri.Host))
            throw new StartupException($"--urls: came {url}; expected an address on loopback such as {FlywheelOptions.DefaultUrl}. Without API keys the engine does not listen beyond this machine: see --api-keys.");
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static void ValidateCredentials(FlywheelOptions options)
    {
        if (options.ApiKeys is { } file && string.IsNullOrWhiteSpace(file))
            throw new StartupException("--api-keys: came nothing; expected a file.");
        string?[] jwt = [options.JwtIssuer, options.JwtAudience, options.JwtKeys];
        if (jwt.Any(part => part is not null) && jwt.Any(string.IsNullOrWhiteSpace))
            throw new StartupException("--jwt-issuer, --jwt-audience, --jwt-keys: came some of them; expected all three.");
        if (options.JwtPerSecond is { } perSecond && (options.JwtIssuer is null || perSecond is < 1 or > 1_000_000))
            throw new StartupException($"--jwt-per-second: came {perSecond}{(options.JwtIssuer is null ? " without --jwt-issuer" : "")}; expected 1 to 1000000, with --jwt-issuer.");
        if (!JwtAlgorithms.Contains(options.JwtAlgorithm))
            throw new StartupException($"--jwt-algorithm: came {options.JwtAlgorithm}; expected one of {string.Join(", ", JwtAlgorithms)}.");
        if (options.BeaconCap is < 0 or > 1_000_000)
            throw new StartupException($"--beacon-cap: came {options.BeaconCap}; expected 0 to 1000000.");
        if (options.CertificateKey is not null && options.Certificate is null)
            throw new StartupException("--certificate-key: came without --certificate; expected both.");
    }

    private static void ValidateExport(FlywheelOptions options)
    {
        if (options.ExportDir is null && (options.ExportEvery is not null || options.ExportKeep is not null || options.ExportFormat is not null))
            throw new StartupException("--export-every, --export-keep, --export-format: came without --export-dir; expected a folder to write to.");
        if (options.ExportDir is { } folder && string.IsNullOrWhiteSpace(folder))
            throw new StartupException("--export-dir: came nothing; expected a folder.");
        if (options.ExportEvery is { } every && (every < ExportOptions.Shortest || every > ExportOptions.Longest))
            throw new StartupException($"--export-every: came {every}; expected {ExportOptions.Shortest} to {ExportOptions.Longest}.");
        if (options.ExportKeep is < 1 or > ExportOptions.MostKept)
            throw new StartupException($"--export-keep: came {options.ExportKeep}; expected 1 to {ExportOptions.MostKept}.");
        if (options.ExportFormat is { } format && !Enum.IsDefined(format))
            throw new StartupException($"--export-format: came {format}; expected {string.Join(", ", TableFormats.Names)}.");
    }

    private static void ValidateNetworks(string option, IReadOnlyList<string> networks)
    {
        foreach (var network in networks)
        {
            if (!Networks.IsOne(network))
                throw new StartupException($"{option}: came {network}; expected addresses or networks such as 10.0.0.0/8, several with commas.");
        }
    }

    private static void ValidateCluster(FlywheelOptions options)
    {
        if (options.Redis is { } redis && string.IsNullOrWhiteSpace(redis))
            throw new StartupException("--redis: came nothing; expected a connection string such as 127.0.0.1:6379.");
        if (string.IsNullOrWhiteSpace(options.RedisPrefix) || options.RedisPrefix.AsSpan().ContainsAny('{', '}'))
            throw new StartupException($"--redis-prefix: came \"{options.RedisPrefix}\"; expected a text without braces such as flywheel:.");
        if (options.SiloPort is < 1 or > 65_535)
            throw new StartupException($"--silo-port: came {options.SiloPort}; expected 1 to 65535.");
        if (options.GatewayPort is < 0 or > 65_535 || options.GatewayPort == options.SiloPort)
            throw new StartupException($"--gateway-port: came {options.GatewayPort}; expected 0 to 65535, and another than --silo-port.");
        if (!IPAddress.TryParse(options.Advertise, out var advertised) || (!options.HasCredentials && !IPAddress.IsLoopback(advertised)))
            throw new StartupException($"--advertise: came {options.Advertise}; expected an IP address on loopback. Without API keys the engine does not listen beyond this machine: see --api-keys.");
        if (!PrivateAddresses.Contain(advertised))
            throw new StartupException($"--advertise: came {options.Advertise}, a public address; expected one of a private network. The ports between silos ask nobody who they are.");
        if (options.DrainSeconds is < 0 or > 600)
            throw new StartupException($"--drain-seconds: came {options.DrainSeconds}; expected 0 to 600.");
    }
}
