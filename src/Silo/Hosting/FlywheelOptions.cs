using Flywheel.Domain.Campaigns;
using Flywheel.Signals;
using Flywheel.Signals.Redis;
using Flywheel.Silo.Api.Exports;
using Flywheel.Silo.Logging;

namespace Flywheel.Silo.Hosting;

/// <summary>How the engine is started: command line, environment (<c>FLYWHEEL__…</c>) or appsettings, in that order of precedence.</summary>
public sealed record FlywheelOptions
{
    public const string Section = "Flywheel";
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Where the embedded store and the token key are kept; made where it is missing.</summary>
    public string Data { get; init; } = "data";

    /// <summary>Partitions of the signal log, 1 to 64; fixed once data is there.</summary>
    public int Partitions { get; init; } = 16;

    /// <summary>The file of token keys; <c>token.key</c> in <see cref="Data"/> unless named.</summary>
    public string? TokenKey { get; init; }

    /// <summary>The file of API keys, see <see cref="Domain.Access.ApiKeyDocument"/>; null where callers need none, and then the engine is heard on this machine alone.</summary>
    public string? ApiKeys { get; init; }

    /// <summary>Beacons a minute that each silo believes of one source, 0 to 1,000,000; 0 for no bound. What comes beyond is kept from learning.</summary>
    public int BeaconCap { get; init; } = 300;

    /// <summary>
    /// Proxies that are believed when they say for whom they speak (X-Forwarded-For, X-Forwarded-Proto): addresses or networks, separated by
    /// commas; null for none.
    /// </summary>
    public string? TrustedProxies { get; init; }

    public IReadOnlyList<string> TrustedProxyList => TrustedProxies?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Whose JSON Web Tokens are taken as well, the claim <c>iss</c>; null for nobody's.</summary>
    public string? JwtIssuer { get; init; }

    /// <summary>Whom those tokens are for, the claim <c>aud</c>.</summary>
    public string? JwtAudience { get; init; }

    /// <summary>The file of the issuer's public keys, a JWK set.</summary>
    public string? JwtKeys { get; init; }

    /// <summary>The one algorithm that those tokens are signed with.</summary>
    public string JwtAlgorithm { get; init; } = "RS256";

    /// <summary>The certificate that https addresses show, a PEM file; with the chain, if any.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's private key, a PEM file; null where it is in the same file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Runs the demo campaign and its simulated audience.</summary>
    public bool Demo { get; init; }

    /// <summary>Which of the bundled headline tests the demo runs, from 1.</summary>
    public int DemoTest { get; init; } = 1;

    /// <summary>
    /// The Redis of a cluster, as a connection string of StackExchange.Redis; null runs the embedded store. Its other settings, such as
    /// <c>user=</c>, <c>password=</c> and <c>ssl=true</c>, are taken as they are.
    /// </summary>
    public string? Redis { get; init; }

    /// <summary>What every key in Redis begins with.</summary>
    public string RedisPrefix { get; init; } = RedisDatabase.DefaultPrefix;

    /// <summary>Where this silo hears the others, 1 to 65535; its own on each machine.</summary>
    public int SiloPort { get; init; } = 11_111;

    /// <summary>Where this silo hears Orleans clients, 1 to 65535; 0 for none.</summary>
    public int GatewayPort { get; init; } = 30_000;

    /// <summary>The address at which the other silos reach this one.</summary>
    public string Advertise { get; init; } = "127.0.0.1";

    /// <summary>
    /// How long requests are still taken after the engine was asked to stop and says that it is not ready, in seconds, 0 to 600. Null is 5
    /// in a cluster and 0 otherwise.
    /// </summary>
    public int? DrainSeconds { get; init; }

    /// <summary>
    /// Signals that may wait, to be appended or to be counted, before new ones get a 429, 1 to 1,000,000,000. The silos of a cluster see one
    /// backlog, so it is the same on all. At some 75 bytes each the default is 300 MB of log.
    /// </summary>
    public int MaxBacklog { get; init; } = SignalAppender.DefaultMaxBacklog;

    /// <summary>
    /// Campaigns that one tenant may have, 1 to 10,000, which is the most of all together. Null is 1,000 where callers have to say who they are, so
    /// that ten tenants fit, and 10,000 otherwise. On all silos of a cluster the same.
    /// </summary>
    public int? TenantCampaigns { get; init; }

    public int CampaignsPerTenant => TenantCampaigns ?? (HasCredentials ? Limits.Campaigns / 10 : Limits.Campaigns);

    /// <summary>Requests a second that each silo takes of one subject of the identity provider, 1 to 1,000,000; null for no limit.</summary>
    public int? JwtPerSecond { get; init; }

    /// <summary>
    /// Where the public reaches the engine, an http or https address: what beacons that are given out begin with. Null takes the address that the
    /// request for them was sent to.
    /// </summary>
    public string? PublicUrl { get; init; }

    /// <summary>Kafka brokers that signals are read from, <c>host:port</c>, separated by commas; null for none.</summary>
    public string? KafkaBrokers { get; init; }

    /// <summary>The topics, separated by commas, each with the tenant whose signals it holds: <c>topic</c> or <c>topic=tenant</c>.</summary>
    public string? KafkaTopics { get; init; }

    /// <summary>The consumer group; how far it has read is remembered under this name.</summary>
    public string KafkaGroup { get; init; } = "flywheel";

    /// <summary>A file of more librdkafka properties, <c>key=value</c> a line; null for none.</summary>
    public string? KafkaConfig { get; init; }

    /// <summary>The topic that rejected signals are sent to; null where they are counted alone.</summary>
    public string? KafkaDeadLetters { get; init; }

    /// <summary>Where the dashboards are that show the metrics, an http or https address; null for none. It is shown as a link.</summary>
    public string? GrafanaUrl { get; init; }

    /// <summary>Where traces are sent, as OTLP over HTTP (<c>http://127.0.0.1:4318</c>; <c>/v1/traces</c> is added); null for none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>The share of requests that are traced where <see cref="OtlpEndpoint"/> is given, 0 to 1.</summary>
    public double TraceRatio { get; init; } = 0.01;

    /// <summary>How the log's lines are written.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Whether the Orleans dashboard is at <c>/orleans/</c>. In a cluster it is the same on all silos.</summary>
    public bool OrleansDashboard { get; init; }

    /// <summary>Where scores and logs are written as files, a folder; null for nowhere. See <see cref="Export"/>.</summary>
    public string? ExportDir { get; init; }

    /// <summary>How often; null is <see cref="ExportOptions.DefaultEvery"/>.</summary>
    public TimeSpan? ExportEvery { get; init; }

    /// <summary>How many rounds are kept; null is <see cref="ExportOptions.DefaultKeep"/>.</summary>
    public int? ExportKeep { get; init; }

    /// <summary>As what; null is <see cref="TableFormat.Parquet"/>.</summary>
    public TableFormat? ExportFormat { get; init; }

    /// <summary>The scheduled files; null for none.</summary>
    public ExportOptions? Export => ExportDir is null ? null
        : new ExportOptions(ExportDir, ExportEvery ?? ExportOptions.DefaultEvery, ExportKeep ?? ExportOptions.DefaultKeep, ExportFormat ?? TableFormat.Parquet);

    /// <summary>Origins that the dashboard may load images of modules from, separated by commas; null for none.</summary>
    public string? ImageOrigins { get; init; }

    public IReadOnlyList<string> ImageOriginList => ImageOrigins?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Origins whose pages may read the API from a browser, separated by commas; null for none but the engine's own.</summary>
    public string? CorsOrigins { get; init; }

    public IReadOnlyList<string> CorsOriginList => CorsOrigins?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>
    /// Addresses and networks that webhooks may be sent to though they are private, separated by commas; null for none. All others that are not reached
    /// from the internet are refused, whatever name leads there.
    /// </summary>
    public string? WebhookPrivate { get; init; }

    public IReadOnlyList<string> WebhookPrivateList => WebhookPrivate?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Whose tokens are taken; null for nobody's.</summary>
    public JwtOptions? Jwt => JwtIssuer is null ? null : new JwtOptions(JwtIssuer, JwtAudience!, JwtKeys!, JwtAlgorithm, JwtPerSecond);

    /// <summary>Whether callers have to say who they are.</summary>
    public bool HasCredentials => ApiKeys is not null || JwtIssuer is not null;

    /// <summary>Tells this silo from the others.</summary>
    public string SiloName => Redis is null ? "embedded" : $"{Advertise}:{SiloPort}";

    public TimeSpan Drain => TimeSpan.FromSeconds(DrainSeconds ?? (Redis is null ? 0 : 5));

    public string TokenKeyPath => TokenKey ?? Path.Combine(Data, "token.key");
}
