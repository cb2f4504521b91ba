using System.Diagnostics;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Campaigns;
using Flywheel.Grains.Hosting;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Segments;
using Flywheel.Grains.Webhooks;
using Flywheel.Signals;
using Flywheel.Silo.Api.Overview;
using Flywheel.Silo.Api.Webhooks;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// This process' part in the cluster: a silo, in a host of its own, beside the API. When the silo is lost, because others voted it out while
/// it was frozen or because the store it is registered in was emptied, it alone ends: the API goes on answering decisions from the
/// replica, and the silo joins again once it may. Nothing that a lost silo still tries can be committed: its epochs are fenced.
/// </summary>
internal sealed partial class ClusterMember(IEngineStore store, LocalReplica local, IServiceProvider engine, Readiness readiness, ILoggerFactory loggers, ILogger<ClusterMember> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan OrderlyStop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AbruptStop = TimeSpan.FromSeconds(3);

    /// <summary>Between attempts to join: each makes a silo, which may take a while to go where it failed.</summary>
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(3);

    private IHost? _silo;
    private TaskCompletionSource<string> _lost = new();
    private string? _saidWhy;
    private long _triedAt;

    /// <summary>Calls the cluster's grains.</summary>
    /// <exception cref="StoreUnavailableException">This silo is not a member now.</exception>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>The silo's own.</summary>
    /// <exception cref="StoreUnavailableException">This silo is not a member now.</exception>
    internal IServiceProvider Services => Volatile.Read(ref _silo)?.Services
        ?? throw new StoreUnavailableException("This silo is not a member of its cluster now.");

    public bool IsMember => Volatile.Read(ref _silo) is not null;

    /// <summary>Loads those of the campaigns that there are into this silo's replica.</summary>
    /// <returns>Those that there are and that could not be loaded.</returns>
    /// <exception cref="StoreUnavailableException">This silo is not a member now.</exception>
    /// <exception cref="OrleansException">A silo that is asked cannot be reached.</exception>
    public Task<IReadOnlyList<string>> LookForAsync(IEnumerable<string> campaigns, CancellationToken cancellationToken) =>
        Services.GetRequiredService<ReplicaLoader>().LookForAsync(campaigns, cancellationToken);

    /// <summary>Joins while this silo's own disk is read, and loads what is served. Where the store is away, returns and goes on trying.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await JoinAsync(cancellationToken);
            await local.Loaded;
            await LoadAsync(cancellationToken);
        }
        catch (Exception e) when (store.MayBeAway && e is not StartupException && !cancellationToken.IsCancellationRequested)
        {
            Waits(e.Message);
            await local.Loaded;
        }
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _silo, null) is { } silo)
            await EndAsync(silo, store.Signals.Trouble is null ? OrderlyStop : AbruptStop);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (Volatile.Read(ref _silo) is { } silo)
                    await WatchAsync(silo);
                else if (Stopwatch.GetElapsedTime(_triedAt) > RetryEvery)
                    await JoinAsync(stoppingToken);
                if (IsMember && !readiness.IsCurrent)
                    await LoadAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Redis that is away or refuses, silos that cannot be reached: whatever it is, a person reads why, and it is tried again.
                Waits(e.Message);
                if (!IsMember)
                    readiness.Lost(e.Message);
            }
        }
    }

    /// <summary>Says why, once for each reason.</summary>
    private void Waits(string why)
    {
        if (_saidWhy != why)
            LogWaiting(why);
        _saidWhy = why;
    }

    private async Task WatchAsync(IHost silo)
    {
        if (await WhyLostAsync(silo) is { } why)
            await LoseAsync(silo, why);
    }

    private async Task<string?> WhyLostAsync(IHost silo) => _lost.Task.IsCompleted ? await _lost.Task : await store.LostMembershipAsync(silo.Services);

    private async Task LoseAsync(IHost silo, string why)
    {
        LogLost(why);
        readiness.Lost(why);
        Volatile.Write(ref _silo, null);
        await EndAsync(silo, AbruptStop);
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        _triedAt = Stopwatch.GetTimestamp();
        await store.PrepareAsync(cancellationToken);
        foreach (var warning in store.Warnings)
            LogWarning(warning);
        var started = Stopwatch.GetTimestamp();
        _lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var silo = Build();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartPatience);
            await silo.StartAsync(patience.Token);
        }
        catch
        {
            await EndAsync(silo, AbruptStop);
            throw;
        }
        Volatile.Write(ref _silo, silo);
        LogJoined((long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _silo) is not { } silo)
            return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = silo.Services.GetRequiredService<ReplicaLoader>().LoadAsync(ending.Token);
        try
        {
            // Loading may take long, and longest where the silo is lost.
            if (await WatchWhileAsync(loading, silo, cancellationToken) is { } why)
            {
                await ending.CancelAsync();
                await LoseAsync(silo, why);
                throw new StoreUnavailableException(why);
            }
            await loading;
        }
        finally
        {
            await ending.CancelAsync();
            loading.Ignore();
        }
        readiness.Joined();
        _saidWhy = null;
    }

    /// <summary>Why the silo was lost until this had ended; null where it was not.</summary>
    private async Task<string?> WatchWhileAsync(Task task, IHost silo, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(task, Task.Delay(LookEvery, cancellationToken)) != task)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await WhyLostAsync(silo) is { } why)
                return why;
        }
        return _lost.Task.IsCompleted ? await _lost.Task : null;
    }

    private IHost Build()
    {
        var lost = _lost;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        Share<ISignalStore>();
        Share<SignalAppender>();
        Share<CampaignReplica>();
        Share<ILearner>();
        Share<IPartitionMeter>();
        Share<IFitMeter>();
        Share<IMessagingMeter>();
        Share<IMessageWriter>();
        Share<CampaignQuota>();
        Share<ICampaignMeter>();
        Share<CrowdedTenants>();
        Share<IWebhookCourier>();
        Share<IWebhookMeter>();
        Share<RetrySchedule>();
        Share<TrafficRates>();
        if (engine.GetService<IMessageReviewer>() is { } reviewer)
            builder.Services.AddSingleton(reviewer);
        Share<TimeProvider>();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IFatalErrorHandler>(new LostSilo(lost));
        builder.UseOrleans(silo =>
        {
            store.Configure(silo);
            silo.AddFlywheelGrains();
            if (engine.GetRequiredService<FlywheelOptions>().OtlpEndpoint is not null)
                silo.AddActivityPropagation();
            if (engine.GetRequiredService<FlywheelOptions>().OrleansDashboard)
                silo.AddOrleansDashboard();
        });
        builder.Services.AddSingleton<ReplicaLoader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReplicaLoader>());
        builder.Services.AddHostedService<PartitionSweep>();
        builder.Services.AddHostedService<AgentRounds>();
        builder.Services.AddHostedService<WebhookRounds>();
        var silo = builder.Build();
        // Also where a service in it fails. When it is ended from here nobody looks any more.
        silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => lost.TrySetResult("It stopped by itself."));
        return silo;

        void Share<T>()
            where T : class => builder.Services.AddSingleton(engine.GetRequiredService<T>());
    }

    /// <summary>Ends a silo, and waits no longer than that: Orleans goes on trying to reach a store that is away.</summary>
    private async Task EndAsync(IHost silo, TimeSpan patience)
    {
        try
        {
            using var orderly = new CancellationTokenSource(patience);
            await silo.StopAsync(orderly.Token).WaitAsync(patience + AbruptStop);
        }
        catch (Exception e)
        {
            LogEndedBadly(e.Message);
        }
        try
        {
            await ((IAsyncDisposable)silo).DisposeAsync().AsTask().WaitAsync(AbruptStop);
        }
        catch (Exception e)
        {
            LogEndedBadly(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo has joined its cluster, in {ElapsedMs} ms")]
    private partial void LogJoined(long elapsedMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo has not joined its cluster: {Why} Trying again; meanwhile decisions are answered from what it knew")]
    private partial void LogWaiting(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The silo is no member of its cluster any more: {Why}")]
    private partial void LogLost(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo did not end in good order: {Why}")]
    private partial void LogEndedBadly(string why);

    /// <summary>The process' own lifetime ends the silo.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>What Orleans calls when it finds that the others have declared this silo dead. It would end the process otherwise.</summary>
    private sealed class LostSilo(TaskCompletionSource<string> lost) : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender, string? context, Exception? exception) =>
            lost.TrySetResult($"{context} {exception?.Message}".Trim() is { Length: > 0 } why ? why : "It was declared dead.");
    }
}
