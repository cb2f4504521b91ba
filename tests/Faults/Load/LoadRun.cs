using System.Diagnostics;
using System.Globalization;
using Flywheel.Client;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Load;

/// <summary>A load of decisions and signals on a cluster, from its first campaign to the audit.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<SignalBatch> _kept = [];
    private readonly IReadOnlyList<Member> _silos;
    private readonly LoadOptions _options;
    private readonly SiloRing _ring;
    private readonly SignalPlanner _planner;
    private readonly DecisionFeed _feed;
    private readonly Audit _audit;
    private Task _feeding = Task.CompletedTask;
    private DecisionProbe? _probe;
    private bool _isDisposed;

    private LoadRun(IReadOnlyList<Member> silos, LoadOptions options)
    {
        (_silos, _options) = (silos, options);
        Workload = new Workload(options.Name);
        Oracle = new Oracle(Workload);
        _ring = new SiloRing(silos);
        _planner = new SignalPlanner(Workload, Oracle, options);
        _feed = new DecisionFeed(Workload, _ring, options);
        _audit = new Audit(Workload, Oracle);
        Sender = new SignalSender(_ring);
    }

    public Workload Workload { get; }

    public Oracle Oracle { get; }

    public SignalSender Sender { get; private set; }

    public DecisionProbe Probe => _probe ?? throw new InvalidOperationException("The load has not begun.");

    /// <summary>Creates the campaigns, waits until every silo serves them, and begins.</summary>
    /// <param name="silos">Whom to load.</param>
    /// <param name="options">How much.</param>
    public static async Task<LoadRun> StartAsync(IReadOnlyList<Member> silos, LoadOptions options)
    {
        var load = new LoadRun(silos, options);
        try
        {
            await load.PrepareAsync();
            load._probe = new DecisionProbe(load.Workload, load._ring, options.DecisionsPerSecond);
            load._feeding = load.FeedAsync();
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until this share of the signals is accepted.</summary>
    public Task ReachAsync(double share) => Patience.UntilAsync(
        string.Create(CultureInfo.InvariantCulture, $"{share * _options.Signals:F0} signals to be accepted"),
        () => Sender.Signals >= share * _options.Signals || _feeding.IsFaulted,
        () => $"{Sender.Signals}, answers {Sender.Answers}",
        Scale.Current.Patience + TimeSpan.FromSeconds(2.0 * _options.Signals / _options.SignalsPerSecond));

    /// <summary>Begins to watch; ask it for the time when every segment counts again.</summary>
    public CountingWatch Watch() => new(Workload, Oracle, _ring);

    /// <summary>Waits until enough is accepted, then sends what is left and waits until all of it is accepted too.</summary>
    public async Task FinishAsync()
    {
        await ReachAsync(1);
        await _stop.CancelAsync();
        await _feeding;
        await foreach (var batch in _planner.DrainAsync())
            await SendAsync(batch, TestContext.Current.CancellationToken);
        await Sender.FinishAsync();
        await Probe.DisposeAsync();
    }

    /// <summary>Sends every batch again, as producers do that cannot know what was kept.</summary>
    public async Task SendAgainAsync()
    {
        Sender = new SignalSender(_ring);
        foreach (var batch in _kept)
            await Sender.SendAsync(batch, TestContext.Current.CancellationToken);
        await Sender.FinishAsync();
    }

    /// <summary>Waits until nothing waits to be counted; returns how many signals are.</summary>
    public async Task<long> CountedAsync()
    {
        var silo = _silos[0].Running;
        await Patience.UntilAsync("no backlog", async () => await Metrics.ReadAsync(silo, "flywheel_backlog_signals") is 0);
        return await _audit.CountedAsync(silo);
    }

    /// <summary>Compares every silo's scores with the oracle until they are equal; returns the last verdict where they never are.</summary>
    public async Task<Verdict> AuditAsync(long? acknowledged = null)
    {
        var verdict = Verdict.Exact;
        foreach (var silo in _silos.Select(silo => silo.Process).OfType<SiloProcess>())
            verdict = verdict.And(await AuditAsync(silo, acknowledged ?? Sender.Accepted));
        return verdict;
    }

    /// <summary>Ends the load where it is; a second time does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _stop.CancelAsync();
        await Sender.StopAsync();
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_probe is not null)
            await _probe.DisposeAsync();
        await _ring.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PrepareAsync()
    {
        foreach (var campaign in Workload.All)
            await _silos[0].Running.Client.PutCampaignAsync(campaign, Workload.Document(campaign), TestContext.Current.CancellationToken);
        foreach (var silo in _silos)
        {
            foreach (var campaign in Workload.All)
                await Patience.UntilAsync($"{silo.Name} to serve {campaign}", () => IsServedAsync(silo.Running, campaign));
        }
    }

    private static async Task<bool> IsServedAsync(SiloProcess silo, string campaign)
    {
        try
        {
            return await silo.Client.DecideAsync(new DecisionRequest(campaign), TestContext.Current.CancellationToken) is not null;
        }
        catch (FlywheelException)
        {
            return false;
        }
    }

    private async Task FeedAsync()
    {
        try
        {
            var pace = new Pace(_options.SignalsPerSecond);
            while (true)
            {
                foreach (var decision in await _feed.TakeAsync(_stop.Token))
                    _planner.Take(decision);
                while (_planner.TakeBatch() is { } batch)
                {
                    // What the oracle knows of is sent, even at the end.
                    await SendAsync(batch, CancellationToken.None);
                    await pace.WaitAsync(batch.New, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private async Task SendAsync(SignalBatch batch, CancellationToken cancellationToken)
    {
        if (_options.KeepsBatches)
            _kept.Add(batch);
        await Sender.SendAsync(batch, cancellationToken);
    }

    /// <summary>Looks until it is exact, and as long as the figures still move.</summary>
    private async Task<Verdict> AuditAsync(SiloProcess silo, long acknowledged)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var verdict = await TryAuditAsync(silo, acknowledged);
            if (verdict.IsExact || Stopwatch.GetElapsedTime(started) > Scale.Current.Patience)
                return verdict;
            await Task.Delay(LongestLag / 4, TestContext.Current.CancellationToken);
        }
    }

    private async Task<Verdict> TryAuditAsync(SiloProcess silo, long acknowledged)
    {
        try
        {
            return await _audit.OfAsync(silo, acknowledged);
        }
        catch (FlywheelException e)
        {
            return new Verdict(0, 0, [$"no scores: {e.Message}"]);
        }
    }
}
