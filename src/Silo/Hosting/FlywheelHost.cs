using System.Security.Authentication;
using Flywheel.Agents.LanguageModel;
using Flywheel.Agents.Offline;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Campaigns;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Rollbacks;
using Flywheel.Grains.Segments;
using Flywheel.Grains.Webhooks;
using Flywheel.Signals;
using Flywheel.Silo.Api;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Campaigns;
using Flywheel.Silo.Api.Decisions;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Api.Experiments;
using Flywheel.Silo.Api.Exports;
using Flywheel.Silo.Api.Kafka;
using Flywheel.Silo.Api.Leases;
using Flywheel.Silo.Api.Log;
using Flywheel.Silo.Api.Mcp;
using Flywheel.Silo.Api.Messaging;
using Flywheel.Silo.Api.Ofrep;
using Flywheel.Silo.Api.OpenRtb;
using Flywheel.Silo.Api.Operating;
using Flywheel.Silo.Api.Overview;
using Flywheel.Silo.Api.Policies;
using Flywheel.Silo.Api.Scores;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Api.Trends;
using Flywheel.Silo.Api.Webhooks;
using Flywheel.Silo.Demo;
using Flywheel.Silo.Logging;
using Flywheel.Silo.Metrics;
using Flywheel.Silo.Tracing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;
using Prometheus;

namespace Flywheel.Silo.Hosting;

/// <summary>Puts the engine together.</summary>
public static class FlywheelHost
{
    private const long MaxBodyBytes = 16 * 1024 * 1024;

    /// <summary>A decision token in the path of a beacon is the longest of what anybody has to send.</summary>
    private const int MaxHeaderBytes = 16 * 1024;

    private const int MaxConnections = 20_000;

    private const int LeastThreads = 16;

    /// <summary>A slow sender of headers holds a connection no longer; Kestrel's own minimum rate bounds slow senders of bodies.</summary>
    private static readonly TimeSpan HeadersPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>Runs the engine until it is stopped. Returns the exit code: 0, or 2 where it could not start as asked.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(CommandLine.Help);
            return 0;
        }
        GiveRequestsThreads();
        try
        {
            await using var app = await BuildAsync(args);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is StartupException or IOException)
        {
            await Console.Error.WriteLineAsync($"flywheel: {e.Message}");
            return 2;
        }
    }

    /// <summary>
    /// The pool begins with a thread a core and adds one only every half second: on a small machine two that wait for the disk would hold
    /// up every request.
    /// </summary>
    private static void GiveRequestsThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), completions);
    }

    /// <summary>Builds the engine; the caller starts and disposes it.</summary>
    /// <param name="args">See <see cref="CommandLine"/>.</param>
    /// <param name="customise">Replaces services, for tests.</param>
    /// <exception cref="StartupException">An option cannot work.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<IServiceCollection>? customise = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(CommandLine.Parse(args));
        var options = CommandLine.Bind(builder.Configuration);
        var urls = builder.Configuration["urls"] is { Length: > 0 } configured ? configured : FlywheelOptions.DefaultUrl;
        CommandLine.Validate(options, urls);
        var model = ModelSettings.Read(builder.Configuration);
        var kafka = KafkaSettings.Read(options);
        if (builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            throw new StartupException("Kestrel:Endpoints: came a setting; expected --urls alone, which is checked to be loopback.");
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestLineSize = MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersPatience;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            if (options.Certificate is { } certificate)
                kestrel.ConfigureHttpsDefaults(https => (https.ServerCertificate, https.SslProtocols) = (ServerCertificate.Load(certificate, options.CertificateKey), SslProtocols.Tls12 | SslProtocols.Tls13));
        });
        ConfigureLogging(builder, options);
        await AddEngineAsync(builder.Services, options, kafka);
        AddAccess(builder.Services, options);
        AddWriters(builder.Services, model);
        if (options.OrleansDashboard)
            builder.AddOrleansDashboard();
        customise?.Invoke(builder.Services);
        AddBackground(builder.Services, options, kafka);
        var app = builder.Build();
        // Made first, so that the container disposes it last.
        app.Services.GetRequiredService<IEngineStore>();
        // Listens before the silo and the server have anything to tell.
        app.Services.GetRequiredService<MeterBridge>();
        ConfigurePipeline(app);
        return app;
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, FlywheelOptions options)
    {
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
            .AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        if (options.LogFormat == LogFormat.Json)
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = JsonLines.FormatName);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(services => new ThrottledConsole(ActivatorUtilities.CreateInstance<ConsoleLoggerProvider>(services), TimeProvider.System));
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
            // It logs what a caller did wrong as its own error; that is told to the caller and counted, and what the engine does wrong is logged by itself.
            .AddFilter("ModelContextProtocol", LogLevel.None)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Orleans.Runtime.CallbackData", LogLevel.Error)
            .AddFilter("Flywheel", LogLevel.Information)
            // With its logger on, ASP.NET makes an activity and a scope for each request, whether anybody looks or not.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter(typeof(ReplicaGrainService).FullName, LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        if (options.Demo && DemoTable.FitsTerminal)
            builder.Logging.AddFilter<ThrottledConsole>((_, level) => level >= LogLevel.Error);
    }

    private static async Task AddEngineAsync(IServiceCollection services, FlywheelOptions options, KafkaSettings? kafka)
    {
        IEngineStore store = options.Redis is null ? await EmbeddedStore.OpenAsync(options) : await ClusterStore.OpenAsync(options);
        services.AddSingleton(_ => store);
        var spans = options.OtlpEndpoint is null ? null : new StoreSpans(options.Redis is null ? "sqlite" : "redis");
        services.AddSingleton(spans is null ? store.Signals : new TracedStore(store.Signals, spans));
        services.AddSingleton(spans is null ? store.Sources : new TracedSourceLog(store.Sources, spans));
        services.AddSingleton(options);
        services.AddCors();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(store.Keys);
        services.AddSingleton(new Issuer(options.Partitions));
        services.AddSingleton<ILearner, ModuleEffectsLearner>();
        services.AddSingleton(NewAppender);
        services.AddSingleton<DecisionService>();
        services.AddSingleton<Bidder>();
        services.AddSingleton<SignalGate>();
        services.AddSingleton<BeaconGuard>();
        services.AddSingleton<ScoresWriter>();
        services.AddTransient<EventStreams>();
        services.AddSingleton<ScoreStream>();
        services.AddSingleton<ScoreTable>();
        services.AddSingleton<TableSender>();
        services.AddSingleton<TrafficRates>();
        services.AddSingleton<OverviewBoard>();
        services.AddSingleton<LiftNotes>();
        services.AddSingleton<PolicySnapshots>();
        services.AddSingleton<PolicyStream>();
        services.AddSingleton(new WebhookAddresses([.. options.WebhookPrivateList.Select(Networks.Of)]));
        services.AddSingleton<IWebhookCourier, WebhookCourier>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<CampaignReplica>();
        services.AddSingleton<CrowdedTenants>();
        services.AddSingleton(new CampaignQuota(options.CampaignsPerTenant));
        services.AddSingleton<LocalReplica>();
        services.AddSingleton<ClusterMember>();
        services.AddSingleton<MissedCampaigns>();
        services.AddSingleton<PartitionNudge>();
        services.AddTransient(provider => provider.GetRequiredService<ClusterMember>().Grains);
        services.AddTransient<PolicyRollback>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + StopPatience);
        if (kafka is not null)
            services.AddSingleton(kafka).AddSingleton<BatchTaker>();
        AddMetrics(services, kafka);
        services.AddMcp();
        services.AddTracing(options);
        services.AddProblemDetails();
        services.AddOpenApi(openApi => openApi.AddWireSchemas());
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver { Modifiers = { WireSchemas.WriteRequired } };
            // Numbers are numbers in the API's description too.
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
    }

    private static void AddAccess(IServiceCollection services, FlywheelOptions options)
    {
        var ring = options.ApiKeys is { } file ? new KeyRing(file) : null;
        var bearers = options.Jwt is { } jwt ? new BearerTokens(jwt) : null;
        foreach (var (watched, option) in ((IWatchedFile?, string)[])[(ring, "--api-keys"), (bearers, "--jwt-keys")])
        {
            if (watched is null)
                continue;
            WatchedFiles.Load(watched, option);
            services.AddSingleton(watched);
        }
        services.AddSingleton(provider => new Credentials(
            ring,
            bearers,
            ring is null ? null : new Sessions(ring, provider.GetRequiredService<TokenKeys>(), provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>A model writes and reviews, where there is one; the offline writer does where there is none, or where it fails.</summary>
    private static void AddWriters(IServiceCollection services, ModelOptions? model)
    {
        if (model is null)
        {
            services.AddSingleton<IMessageWriter, OfflineWriter>();
            return;
        }
        services.AddSingleton(provider => new ModelEndpoint(model, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMessageWriter>(provider => new FallbackWriter(new ModelWriter(provider.GetRequiredService<ModelEndpoint>()), new OfflineWriter()));
        services.AddSingleton<IMessageReviewer, ModelReviewer>();
    }

    private static void AddMetrics(IServiceCollection services, KafkaSettings? kafka)
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var metrics = new FlywheelMetrics(registry);
        services.AddSingleton(registry);
        services.AddSingleton(_ => new MeterBridge(registry));
        services.AddSingleton(metrics);
        services.AddSingleton(new AccessMetrics(registry));
        services.AddSingleton(new OpenRtbMetrics(registry));
        services.AddSingleton(new OfrepMetrics(registry));
        services.AddSingleton(new ExportMetrics(registry));
        services.AddSingleton(new KafkaMetrics(registry, kafka?.Tenants.Keys ?? []));
        services.AddSingleton<IPartitionMeter>(metrics);
        services.AddSingleton<IFitMeter>(metrics);
        services.AddSingleton<IMessagingMeter>(metrics);
        var documents = new DocumentMetrics(registry);
        services.AddSingleton(documents);
        services.AddSingleton<ICampaignMeter>(documents);
        var webhooks = new WebhookMetrics(registry);
        services.AddSingleton(webhooks);
        services.AddSingleton<IWebhookMeter>(webhooks);
    }

    private static SignalAppender NewAppender(IServiceProvider services)
    {
        var (nudge, metrics) = (services.GetRequiredService<PartitionNudge>(), services.GetRequiredService<FlywheelMetrics>());
        return new SignalAppender(
            services.GetRequiredService<ISignalStore>(),
            services.GetRequiredService<Issuer>().Id,
            nudge.Send,
            (elapsed, _) => metrics.Appended(elapsed),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<FlywheelOptions>().MaxBacklog);
    }

    private static void AddBackground(IServiceCollection services, FlywheelOptions options, KafkaSettings? kafka)
    {
        services.AddHostedService<Drain>();
        services.AddHostedService<WatchedFiles>();
        services.AddHostedService<TokenKeyRotation>();
        services.AddHostedService(provider => provider.GetRequiredService<LocalReplica>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterMember>());
        services.AddHostedService<TrafficReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<TrafficRates>());
        services.AddHostedService(provider => provider.GetRequiredService<LiftNotes>());
        if (options.Export is { } export)
            AddExport(services, export);
        if (kafka is not null)
            services.AddHostedService<SignalConsumer>();
        if (options.Demo)
            services.AddHostedService<DemoService>();
    }

    private static void AddExport(IServiceCollection services, ExportOptions options)
    {
        var folder = new ExportFolder(options);
        folder.Open();
        services.AddSingleton(options);
        services.AddSingleton(folder);
        services.AddSingleton<ExportRounds>();
        services.AddHostedService<ExportSchedule>();
    }

    private static void ConfigurePipeline(WebApplication app)
    {
        if (app.Services.GetRequiredService<FlywheelOptions>().TrustedProxyList is { Count: > 0 } proxies)
            app.UseForwardedHeaders(ForwardedBy(proxies));
        CountedAnswers.UseIn(app);
        app.UseFailures();
        app.UseReadingFrom(app.Services.GetRequiredService<FlywheelOptions>().CorsOriginList);
        // Decisions always answer for themselves, and do without its cost.
        app.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<ISkipStatusCodePagesMetadata>() is null, rest =>
        {
            rest.UseSecurityHeaders();
            rest.UseReferencePolicy();
            rest.UseStatusCodePages();
        });
        app.UseMiddleware<AccessGate>();
        app.MapSession();
        app.MapCampaigns();
        app.MapOverview();
        DecisionEndpoints.Map(app);
        app.MapOfrep();
        app.MapOpenRtb();
        app.MapPolicies();
        app.MapRollbacks();
        app.MapLeases();
        app.MapSignals();
        app.MapScores();
        app.MapScoreExport();
        app.MapExperiments();
        app.MapTrends();
        app.MapModules();
        app.MapProposals();
        app.MapHistory();
        app.MapInsights();
        app.MapDecisionLog();
        app.MapMcpServer();
        app.MapWebhooks();
        app.MapOperating();
        app.MapCluster();
        if (app.Services.GetRequiredService<FlywheelOptions>().OrleansDashboard)
            app.UseOrleansDashboard();
        app.MapDashboard(app.Services.GetRequiredService<FlywheelOptions>().ImageOriginList);
        FlywheelMetrics.AddReadings(
            app.Services.GetRequiredService<CollectorRegistry>(), app.Services.GetRequiredService<FlywheelOptions>(), app.Services.GetRequiredService<CampaignReplica>(),
            app.Services.GetRequiredService<ISignalStore>(), app.Services.GetRequiredService<CrowdedTenants>(), app.Services.GetRequiredService<Readiness>(), app.Services.GetRequiredService<TimeProvider>());
    }

    private static ForwardedHeadersOptions ForwardedBy(IReadOnlyList<string> proxies)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            forwarded.KnownIPNetworks.Add(Networks.Of(proxy));
        return forwarded;
    }
}
