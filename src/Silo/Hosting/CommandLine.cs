using System.Globalization;
using System.Net;
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
          --certificate FILE --certificate-key FILE
                             PEM, for --urls https://…
          --beacon-cap N     beacons a minute that are believed of one source (300); 0 for no bound. This machine itself has none
          --trusted-proxies LIST  proxies, as addresses or networks, whose X-Forwarded-For and X-Forwarded-Proto are believed
          --kafka-brokers LIST --kafka-topics LIST
                             signals are read from these topics, too; topic=tenant where it is not the default tenant's
          --kafka-group NAME   the consumer group (flywheel); another one reads from the beginning
          --kafka-config FILE  more librdkafka properties, key=value a line: security, auto.offset.reset
          --kafka-dead-letters TOPIC  where rejected signals go; none without it
          --grafana-url URL  where dashboards show the metrics; /v1/cluster and the dashboard link to it
          --otlp-endpoint URL  where traces are sent, OTLP over HTTP (http://127.0.0.1:4318); none without it
          --trace-ratio R    the share of requests that are traced, 0 to 1 (0.01)
          --log-format F     text or json, one object a line (text)
          --orleans-dashboard  the Orleans dashboard at /orleans/, on every silo of a cluster or none; with keys it takes an admin's
          --model-url URL    a language model writes: the address of its API, OpenAI's chat protocol (http://127.0.0.1:9000/v1)
          --model NAME       the model's name there; its key, if any, in FLYWHEEL__MODEL__KEY
          --model-timeout-seconds N  how long it may take for a request, 1 to 300 (60); half of it a call
          --model-tool-rounds N      how often it may call functions for a request, 0 to 8 (3); 0 where its server knows no tools
          --model-input-price P      of a million tokens read, 0 to 100000 (0); so for --model-output-price and those written
          --image-origins O  where images of modules may be loaded from into the dashboard (https://cdn.example), several with commas; none without it
          --demo             run the demo: real headlines, a simulated audience
          --demo-test N      which of the bundled headline tests (1)
          --help             this text
        The same as environment variables: FLYWHEEL__DATA, FLYWHEEL__PARTITIONS, FLYWHEEL__TOKENKEY, FLYWHEEL__MAXBACKLOG,
        FLYWHEEL__APIKEYS, FLYWHEEL__JWTISSUER, FLYWHEEL__JWTAUDIENCE, FLYWHEEL__JWTKEYS, FLYWHEEL__JWTALGORITHM, FLYWHEEL__CERTIFICATE, FLYWHEEL__CERTIFICATEKEY, FLYWHEEL__BEACONCAP, FLYWHEEL__TRUSTEDPROXIES,
        FLYWHEEL__KAFKABROKERS, FLYWHEEL__KAFKATOPICS, FLYWHEEL__KAFKAGROUP, FLYWHEEL__KAFKACONFIG, FLYWHEEL__KAFKADEADLETTERS,
        FLYWHEEL__DEMO, FLYWHEEL__REDIS, FLYWHEEL__REDISPREFIX, FLYWHEEL__SILOPORT, FLYWHEEL__GATEWAYPORT, FLYWHEEL__ADVERTISE, FLYWHEEL__DRAINSECONDS, FLYWHEEL__IMAGEORIGINS, FLYWHEEL__GRAFANAURL, FLYWHEEL__OTLPENDPOINT, FLYWHEEL__TRACERATIO, FLYWHEEL__LOGFORMAT,
        FLYWHEEL__ORLEANSDASHBOARD, URLS, FLYWHEEL__MODELURL, FLYWHEEL__MODEL, FLYWHEEL__MODELTIMEOUTSECONDS, FLYWHEEL__MODELTOOLROUNDS, FLYWHEEL__MODELINPUTPRICE, FLYWHEEL__MODELOUTPUTPRICE.
        """;

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["--data"] = "Flywheel:Data",
        ["--partitions"] = "Flywheel:Partitions",
        ["--token-key"] = "Flywheel:TokenKey",
        ["--max-backlog"] = "Flywheel:MaxBacklog",
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
        ["--certificate"] = "Flywheel:Certificate",
        ["--certificate-key"] = "Flywheel:CertificateKey",
        ["--beacon-cap"] = "Flywheel:BeaconCap",
        ["--trusted-proxies"] = "Flywheel:TrustedProxies",
        ["--kafka-brokers"] = "Flywheel:KafkaBrokers",
        ["--kafka-topics"] = "Flywheel:KafkaTopics",
        ["--kafka-group"] = "Flywheel:KafkaGroup",
        ["--kafka-config"] = "Flywheel:KafkaConfig",
        ["--kafka-dead-letters"] = "Flywheel:KafkaDeadLetters",
        ["--grafana-url"] = "Flywheel:GrafanaUrl",
        ["--otlp-endpoint"] = "Flywheel:OtlpEndpoint",
        ["--trace-ratio"] = "Flywheel:TraceRatio",
        ["--log-format"] = "Flywheel:LogFormat",
        ["--orleans-dashboard"] = "Flywheel:OrleansDashboard",
        ["--model-url"] = "Flywheel:ModelUrl",
        ["--model"] = "Flywheel:Model",
        ["--model-timeout-seconds"] = "Flywheel:ModelTimeoutSeconds",
        ["--model-tool-rounds"] = "Flywheel:ModelToolRounds",
        ["--model-input-price"] = "Flywheel:ModelInputPrice",
        ["--model-output-price"] = "Flywheel:ModelOutputPrice",
        ["--image-origins"] = "Flywheel:ImageOrigins",
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
        if (options.GrafanaUrl is { } grafana && !(Uri.TryCreate(grafana, UriKind.Absolute, out var link) && (link.Scheme == Uri.UriSchemeHttp || link.Scheme == Uri.UriSchemeHttps)))
            throw new StartupException($"--grafana-url: came {grafana}; expected an http or https address such as https://grafana.example.com.");
        if (options.OtlpEndpoint is { } otlp && !(Uri.TryCreate(otlp, UriKind.Absolute, out var collector) && (collector.Scheme == Uri.UriSchemeHttp || collector.Scheme == Uri.UriSchemeHttps)))
            throw new StartupException($"--otlp-endpoint: came {otlp}; expected an http or https address such as http://127.0.0.1:4318.");
        if (!(options.TraceRatio is >= 0 and <= 1))
            throw new StartupException(string.Create(CultureInfo.InvariantCulture, $"--trace-ratio: came {options.TraceRatio}; expected 0 to 1."));
        if (!Enum.IsDefined(options.LogFormat))
            throw new StartupException($"--log-format: came {(int)options.LogFormat}; expected text or json.");
        ValidateCluster(options);
        ValidateCredentials(options);
        foreach (var origin in options.ImageOriginList)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new StartupException($"--image-origins: came {origin}; expected origins such as https://cdn.example, several with commas.");
        }
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            ValidateUrl(url, options);
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
        if (!JwtAlgorithms.Contains(options.JwtAlgorithm))
            throw new StartupException($"--jwt-algorithm: came {options.JwtAlgorithm}; expected one of {string.Join(", ", JwtAlgorithms)}.");
        if (options.BeaconCap is < 0 or > 1_000_000)
            throw new StartupException($"--beacon-cap: came {options.BeaconCap}; expected 0 to 1000000.");
        foreach (var proxy in options.TrustedProxyList)
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                throw new StartupException($"--trusted-proxies: came {proxy}; expected addresses or networks such as 10.0.0.0/8, several with commas.");
        }
        if (options.CertificateKey is not null && options.Certificate is null)
            throw new StartupException("--certificate-key: came without --certificate; expected both.");
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
