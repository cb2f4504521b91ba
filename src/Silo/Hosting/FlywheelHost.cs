using System.Net;
using System.Net.Sockets;
using Flywheel.Abstractions.Partitions;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Hosting;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Segments;
using Flywheel.Grains.Storage;
using Flywheel.Signals;
using Flywheel.Signals.Sqlite;
using Flywheel.Silo.Api;
using Flywheel.Silo.Api.Campaigns;
using Flywheel.Silo.Api.Decisions;
using Flywheel.Silo.Api.Experiments;
using Flywheel.Silo.Api.Log;
using Flywheel.Silo.Api.Operating;
using Flywheel.Silo.Api.Scores;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Demo;
using Flywheel.Silo.Metrics;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Storage;
using Prometheus;

namespace Flywheel.Silo.Hosting;

/// <summary>Puts the engine together.</summary>
public static class FlywheelHost
{
    private const long MaxBodyBytes = 16 * 1024 * 1024;

    /// <summary>Runs the engine until it is stopped. Returns the exit code: 0, or 2 where it could not start as asked.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(CommandLine.Help);
            return 0;
        }
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
        if (builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            throw new StartupException("Kestrel:Endpoints: came a setting; expected --urls alone, which is checked to be loopback.");
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        ConfigureLogging(builder, options);
        await AddEngineAsync(builder.Services, options);
        customise?.Invoke(builder.Services);
        builder.UseOrleans(silo => ConfigureSilo(silo));
        AddBackground(builder.Services, options);
        var app = builder.Build();
        // Made first, so that the container disposes it last.
        app.Services.GetRequiredService<EmbeddedStore>();
        ConfigurePipeline(app);
        return app;
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, FlywheelOptions options)
    {
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Flywheel", LogLevel.Information)
            .AddFilter(typeof(ReplicaGrainService).FullName, LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        if (options.Demo && DemoTable.FitsTerminal)
            builder.Logging.AddFilter<ConsoleLoggerProvider>((_, level) => level >= LogLevel.Error);
    }

    private static async Task AddEngineAsync(IServiceCollection services, FlywheelOptions options)
    {
        var store = await EmbeddedStore.OpenAsync(options);
        services.AddSingleton(_ => store);
        services.AddSingleton(store.Database);
        services.AddSingleton<ISignalStore>(store.Signals);
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(TokenKeyFile.LoadOrCreate(options.TokenKeyPath));
        services.AddSingleton(new Issuer(options.Partitions));
        services.AddSingleton<ILearner, ModuleEffectsLearner>();
        services.AddSingleton(NewAppender);
        services.AddSingleton<DecisionService>();
        services.AddSingleton<ScoresWriter>();
        services.AddSingleton<ScoreStream>();
        services.AddSingleton<Readiness>();
        AddMetrics(services);
        services.AddProblemDetails();
        services.AddOpenApi();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull);
    }

    private static void AddMetrics(IServiceCollection services)
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var metrics = new FlywheelMetrics(registry);
        services.AddSingleton(registry);
        services.AddSingleton(metrics);
        services.AddSingleton<IPartitionMeter>(metrics);
        services.AddSingleton<IFitMeter>(metrics);
    }

    private static SignalAppender NewAppender(IServiceProvider services)
    {
        var grains = new Lazy<IGrainFactory>(services.GetRequiredService<IGrainFactory>);
        var metrics = services.GetRequiredService<FlywheelMetrics>();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return new SignalAppender(
            services.GetRequiredService<ISignalStore>(),
            services.GetRequiredService<Issuer>().Id,
            partitions =>
            {
                // What is appended while the silo goes is counted when it comes back.
                if (stopping.IsCancellationRequested)
                    return;
                foreach (var partition in partitions)
                    grains.Value.GetGrain<IPartitionGrain>(partition).NudgeAsync(CancellationToken.None).Ignore();
            },
            (elapsed, _) => metrics.Appended(elapsed),
            services.GetRequiredService<TimeProvider>());
    }

    private static void ConfigureSilo(ISiloBuilder silo)
    {
        var port = FreePort();
        silo.UseLocalhostClustering(port, gatewayPort: 0, new IPEndPoint(IPAddress.Loopback, port));
        silo.Configure<EndpointOptions>(endpoint => (endpoint.AdvertisedIPAddress, endpoint.GatewayPort) = (IPAddress.Loopback, 0));
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Default, (services, _) => new SqliteGrainStorage(services.GetRequiredService<SqliteDatabase>()));
        silo.AddFlywheelGrains();
    }

    private static void AddBackground(IServiceCollection services, FlywheelOptions options)
    {
        services.AddHostedService<ReplicaLoader>();
        services.AddHostedService<PartitionSweep>();
        services.AddHostedService<TrafficReporter>();
        if (options.Demo)
            services.AddHostedService<DemoService>();
    }

    private static void ConfigurePipeline(WebApplication app)
    {
        app.UseFailures();
        app.UseStatusCodePages();
        app.MapCampaigns();
        app.MapDecisions();
        app.MapSignals();
        app.MapScores();
        app.MapExperiments();
        app.MapDecisionLog();
        app.MapOperating();
        app.MapGet("/", () => Results.Redirect("/openapi/v1.json")).ExcludeFromDescription();
        FlywheelMetrics.AddReadings(
            app.Services.GetRequiredService<CollectorRegistry>(), app.Services.GetRequiredService<CampaignReplica>(),
            app.Services.GetRequiredService<ISignalStore>(), app.Services.GetRequiredService<TimeProvider>());
    }

    /// <summary>The embedded silo talks to itself alone; any free port will do.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
