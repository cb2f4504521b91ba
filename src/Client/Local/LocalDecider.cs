using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>
/// Decides for one campaign in this process, with the engine's own choosing code and the policy that it pushes. Safe for concurrent use.
/// While the engine is away it goes on with the last policy, and says how old that is; where the lease has ended and no new one can be had
/// it still decides, but the decision cannot be attributed and has no id.
/// </summary>
public sealed class LocalDecider : IAsyncDisposable
{
    /// <summary>Room that a token needs, in bytes.</summary>
    public const int MaxTokenBytes = DecisionToken.MaxChars;

    private readonly EngineConnection _engine;
    private readonly FlywheelClientOptions _client;
    private readonly LocalOptions _options;
    private readonly string _path;
    private readonly PolicyFeed _feed;
    private readonly ServedReporter _reporter;
    private readonly Backoff _backoff;
    private readonly Issuer _spare = new(DecisionLimits.Partitions);
    private readonly CancellationTokenSource _stop = new();
    private LocalLease? _lease;
    private Task _loops = Task.CompletedTask;
    private long _unattributed;
    private long _clockOffsetMs;
    private string? _trouble;
    private int _disposed;

    private LocalDecider(EngineConnection engine, FlywheelClientOptions client, LocalOptions options, string campaign, string path)
    {
        (_engine, _client, _options, Campaign, _path) = (engine, client, options, campaign, path);
        _feed = new PolicyFeed(engine, client, path);
        _reporter = new ServedReporter(engine);
        _backoff = new Backoff(client);
        _feed.SegmentsLeft += _reporter.Drop;
    }

    public string Campaign { get; }

    /// <value>How it stands with the engine now.</value>
    public LocalStatus Status
    {
        get
        {
            var lease = Volatile.Read(ref _lease);
            return new LocalStatus(
                _feed.IsConnected,
                _feed.Age,
                lease is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(lease.Terms.ExpiresAtMs),
                _reporter.Reported,
                Interlocked.Read(ref _unattributed),
                _reporter.Dropped,
                _feed.Trouble ?? Volatile.Read(ref _trouble));
        }
    }

    /// <summary>What to serve; null where there is nothing to, because the campaign is not live or gone, or has no such segment.</summary>
    /// <param name="unit">Whom it is for. The same unit keeps its variant while the policy would still serve it, here as at the engine.</param>
    /// <param name="segment">Wins over <paramref name="context"/>; with neither, the decision is for <c>default</c>.</param>
    /// <param name="context">What is known of the person and the moment, such as <c>{ "age": 24 }</c>.</param>
    public LocalDecision? Decide(string? unit = null, string? segment = null, JsonObject? context = null)
    {
        Span<byte> token = stackalloc byte[MaxTokenBytes];
        var request = new LocalRequest
        {
            Unit = unit is null ? default : Encoding.UTF8.GetBytes(unit),
            Segment = segment,
            Context = context is null ? default : Encoding.UTF8.GetBytes(context.ToJsonString()),
        };
        if (Decide(request, token, out var choice) != LocalOutcome.Decided)
            return null;
        return new LocalDecision(
            choice.TokenLength == 0 ? null : Encoding.ASCII.GetString(token[..choice.TokenLength]),
            Campaign,
            choice.Segment,
            choice.PolicyVersion,
            TimeSpan.FromMilliseconds(choice.PolicyAgeMs),
            choice.Reason,
            choice.Propensity,
            choice.Variant());
    }

    /// <summary>As <see cref="Decide(string?, string?, JsonObject?)"/>, without allocating: the decision's id is written into the caller's buffer.</summary>
    /// <param name="request">Whom it is for.</param>
    /// <param name="token">Room for the decision's id, at least <see cref="MaxTokenBytes"/>.</param>
    /// <param name="choice">What to serve, where this says <see cref="LocalOutcome.Decided"/>.</param>
    /// <exception cref="ArgumentException">There is no room for the id.</exception>
    public LocalOutcome Decide(in LocalRequest request, Span<byte> token, out LocalChoice choice)
    {
        if (token.Length < MaxTokenBytes)
            throw new ArgumentException($"The decision's id needs room for {MaxTokenBytes} bytes.", nameof(token));
        choice = default;
        var policy = _feed.Current;
        if (_feed.IsGone)
            return LocalOutcome.NoCampaign;
        if (!policy.Snapshot.IsLive)
            return LocalOutcome.NotLive;
        var outcome = FindSegment(policy, request, out var segment, out var channel);
        if (outcome != LocalOutcome.Decided)
            return outcome;
        var lease = Volatile.Read(ref _lease);
        var nowMs = _client.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() + Volatile.Read(ref _clockOffsetMs);
        var issuer = lease?.Issuer ?? _spare;
        var counter = issuer.Next(segment.Source.Partition);
        var random = request.Unit.IsEmpty ? issuer.RandomFor(segment.Source.Partition, counter) : Mixing.Of(request.Unit, policy.Snapshot.Incarnation);
        var chosen = segment.Policy.Choose(random);
        var length = 0;
        if (lease is not null && lease.Terms.Incarnation == policy.Snapshot.Incarnation && lease.Covers(counter, nowMs))
        {
            var counted = policy.Channels.Resolve(channel);
            segment.Traffic.Of(counted).Add(chosen.Group, segment.Policy.Control, hasUnit: !request.Unit.IsEmpty);
            length = Sign(policy, segment, lease.Terms, counter, nowMs, chosen, policy.Channels.Utf8(counted), token);
        }
        else
        {
            Interlocked.Increment(ref _unattributed);
        }
        choice = new LocalChoice(policy, segment, chosen, Math.Max(0, nowMs - segment.FittedAtMs), length);
        return LocalOutcome.Decided;
    }

    /// <summary>
    /// Reports what was served within <see cref="FlywheelClientOptions.DisposeTimeout"/>, and ends. Decisions stay possible, and are no
    /// longer attributed nor brought up to date.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var lease = Interlocked.Exchange(ref _lease, null);
        using var patience = new CancellationTokenSource(_client.DisposeTimeout, _client.TimeProvider);
        try
        {
            await _reporter.ReportAsync(_feed.Current, lease, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FlywheelException or OperationCanceledException)
        {
            _reporter.Drop(_feed.Current.Segments);
            _reporter.Abandon();
            Volatile.Write(ref _trouble, $"What was served last could not be reported: {e.Message}");
        }
        _stop.Dispose();
    }

    internal static async Task<LocalDecider> OpenAsync(
        EngineConnection engine, FlywheelClientOptions client, LocalOptions options, string campaign, string path, CancellationToken cancellationToken)
    {
        var decider = new LocalDecider(engine, client, options, campaign, path);
        await decider._feed.PollAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await decider.RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FlywheelException e)
        {
            // Decisions are possible without it, and it is tried again.
            decider._trouble = e.Message;
        }
        decider._loops = Task.WhenAll(decider._feed.RunAsync(decider._stop.Token), decider.TendAsync(decider._stop.Token));
        return decider;
    }

    private static LocalOutcome FindSegment(LocalPolicy policy, in LocalRequest request, out LocalSegment segment, out string? channel)
    {
        (segment, channel) = (policy.SegmentAt(-1), null);
        try
        {
            if (request.Segment.IsEmpty)
            {
                segment = policy.SegmentAt(policy.Snapshot.Matcher.Match(request.Context, out channel));
                return LocalOutcome.Decided;
            }
            channel = policy.Snapshot.Matcher.ChannelOf(request.Context);
        }
        catch (JsonException)
        {
            return LocalOutcome.BadContext;
        }
        if (policy.Snapshot.PlaceOf(request.Segment) is not (>= 0 and var place))
            return LocalOutcome.NoSegment;
        segment = policy.SegmentAt(place);
        return LocalOutcome.Decided;
    }

    private static int Sign(
        LocalPolicy policy, LocalSegment segment, TokenLease lease, ulong counter, long nowMs, Choice choice, ReadOnlySpan<byte> channel, Span<byte> token)
    {
        Span<byte> keys = stackalloc byte[DecisionLimits.Slots * 8];
        return new DecisionToken
        {
            Counter = counter,
            IssuedAtMs = nowMs,
            Group = choice.Group,
            Propensity = choice.Propensity,
            WindowSeconds = policy.Snapshot.WindowSeconds,
            Campaign = policy.Utf8Campaign,
            Segment = segment.Utf8Id,
            Channel = channel,
            ModuleKeys = keys[..policy.WriteKeys(choice.Combination, keys)],
        }.WriteTo(token, lease);
    }

    /// <summary>Looks after the lease and the reports, until it is cancelled.</summary>
    private async Task TendAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            TimeSpan? wait = null;
            try
            {
                if (NeedsLease())
                    await RenewAsync(cancellationToken).ConfigureAwait(false);
                await _reporter.ReportAsync(_feed.Current, _lease, cancellationToken).ConfigureAwait(false);
                failures = 0;
                Volatile.Write(ref _trouble, null);
            }
            catch (FlywheelException e)
            {
                wait = _backoff.After(++failures, e.RetryAfter);
                Volatile.Write(ref _trouble, e.Message);
            }
            await Task.Delay(wait > _options.ReportInterval ? wait.Value : _options.ReportInterval, _client.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool NeedsLease()
    {
        if (_feed.IsGone)
            return false;
        var lease = _lease;
        return lease is null || lease.IsHalfUsed || lease.Terms.Incarnation != _feed.Current.Snapshot.Incarnation
            || _client.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() + lease.OffsetMs >= lease.RenewAtMs;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var answer = await _engine.SendAsync(HttpMethod.Post, $"{_path}/lease", null, FlywheelJson.Default.LeaseAnswer, cancellationToken).ConfigureAwait(false)
            ?? throw new FlywheelException("The engine answered without a lease.");
        LocalLease lease;
        try
        {
            lease = new LocalLease(answer, Campaign, _client.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (JsonException e)
        {
            throw EngineConnection.Unreadable(e, System.Net.HttpStatusCode.OK);
        }
        Volatile.Write(ref _clockOffsetMs, lease.OffsetMs);
        Volatile.Write(ref _lease, lease);
    }
}
