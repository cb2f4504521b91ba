using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Flywheel.Client;

/// <summary>
/// Decisions, signals, campaigns and scores of one engine. Safe for concurrent use; make one for the life of the process.
/// A request that fails throws <see cref="FlywheelException"/>; nothing but tracking, streams and
/// <see cref="WaitUntilReadyAsync"/> retries.
/// </summary>
public sealed class FlywheelClient : IAsyncDisposable
{
    /// <summary>The most decisions in one <see cref="DecideManyAsync"/>.</summary>
    public const int MaxDecisionsPerRequest = 1_000;

    /// <summary>The most signals in one <see cref="SendAsync"/>.</summary>
    public const int MaxSignalsPerRequest = 10_000;

    private static readonly TimeSpan ReadyPollInterval = TimeSpan.FromMilliseconds(250);

    private readonly EngineConnection _engine;
    private readonly FlywheelClientOptions _options;
    private readonly SignalTracker _tracker;

    /// <param name="http">
    /// Its <see cref="HttpClient.BaseAddress"/> is the engine, its default headers carry the API key. It stays the caller's.
    /// </param>
    /// <param name="options">Defaults where null.</param>
    /// <exception cref="ArgumentException">The base address is missing.</exception>
    public FlywheelClient(HttpClient http, FlywheelClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null)
            throw new ArgumentException("The HttpClient needs a BaseAddress, the engine's.", nameof(http));
        _options = options ?? new FlywheelClientOptions();
        _engine = new EngineConnection(http, _options.TimeProvider);
        _tracker = new SignalTracker(_engine, _options, rejection => SignalRejected?.Invoke(this, rejection));
    }

    /// <summary>
    /// A tracked signal will not be counted. Raised on the tracking thread for a drop and on the sending loop otherwise, so
    /// handlers return quickly; what they throw is ignored.
    /// </summary>
    public event EventHandler<SignalRejection>? SignalRejected;

    /// <summary>
    /// A stream of scores is connected, or lost its connection and waits to connect anew. Raised on the stream's own turn, so handlers return
    /// quickly; what they throw ends the stream.
    /// </summary>
    public event EventHandler<StreamConnection>? StreamConnectionChanged;

    /// <value>What became of the tracked signals so far.</value>
    public TrackingCounts Tracking => _tracker.Counts;

    /// <returns>What to serve; null where the campaign is not live.</returns>
    /// <exception cref="FlywheelException">There is no such campaign (404), or the request failed.</exception>
    public Task<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = JsonContent.Create(request, FlywheelJson.Default.DecisionRequest);
        return _engine.SendAsync(HttpMethod.Post, "v1/decisions", body, FlywheelJson.Default.Decision, cancellationToken);
    }

    /// <param name="requests">At most <see cref="MaxDecisionsPerRequest"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One result for each request, in order.</returns>
    public async Task<IReadOnlyList<DecisionResult>> DecideManyAsync(
        IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requests.Count, MaxDecisionsPerRequest, nameof(requests));
        if (requests.Count == 0)
            return [];
        var body = JsonContent.Create(new DecisionBatch(requests), FlywheelJson.Default.DecisionBatch);
        var answer = await _engine.SendAsync(
                HttpMethod.Post, "v1/decisions/batch", body, FlywheelJson.Default.DecisionBatchAnswer, cancellationToken)
            .ConfigureAwait(false);
        return answer?.Decisions ?? [];
    }

    /// <summary>
    /// Decides for a campaign in this process, from the policy that the engine pushes. Waits for the first policy; the rest goes on in the
    /// background, until it is disposed. It works with this client's connection, so dispose it first.
    /// </summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="options">Defaults where null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlywheelException">There is no such campaign (404), or the engine could not be reached.</exception>
    public Task<LocalDecider> OpenLocalAsync(string campaign, LocalOptions? options = null, CancellationToken cancellationToken = default) =>
        LocalDecider.OpenAsync(_engine, _options, options ?? new LocalOptions(), campaign, Path(campaign), cancellationToken);

    /// <summary>Buffers a signal for delivery and returns at once.</summary>
    /// <returns>False where it was dropped, because the buffer is full or the client disposed.</returns>
    public bool Track(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return _tracker.Track(signal);
    }

    /// <summary>Waits until every signal that was tracked before is accepted, refused or abandoned.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _tracker.FlushAsync(cancellationToken);

    /// <summary>Sends signals once, for callers who batch and retry themselves. Sending the same ones again is safe.</summary>
    /// <param name="signals">At most <see cref="MaxSignalsPerRequest"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SignalsReceipt> SendAsync(IReadOnlyList<Signal> signals, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signals.Count, MaxSignalsPerRequest, nameof(signals));
        return signals.Count == 0
            ? new SignalsReceipt(0, [])
            : await SignalLines.PostAsync(_engine, SignalLines.Write(signals), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates or replaces a campaign.</summary>
    /// <returns>True where there was none.</returns>
    /// <exception cref="FlywheelException">The document is not valid (400 or 422), its errors name the fields; nothing has changed.</exception>
    public async Task<bool> PutCampaignAsync(string id, Campaign campaign, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        var body = JsonContent.Create(campaign, FlywheelJson.Default.Campaign);
        return await _engine.SendAsync(HttpMethod.Put, Path(id), body, cancellationToken).ConfigureAwait(false) == HttpStatusCode.Created;
    }

    /// <returns>The campaign; null where there is none.</returns>
    public async Task<Campaign?> GetCampaignAsync(string id, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _engine.SendAsync(HttpMethod.Get, Path(id), null, FlywheelJson.Default.Campaign, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (FlywheelException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <returns>False where there was none.</returns>
    public async Task<bool> DeleteCampaignAsync(string id, CancellationToken cancellationToken = default)
    {
        try
        {
            await _engine.SendAsync(HttpMethod.Delete, Path(id), null, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FlywheelException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<CampaignSummary>> ListCampaignsAsync(CancellationToken cancellationToken = default)
    {
        var list = await _engine.SendAsync(HttpMethod.Get, "v1/campaigns", null, FlywheelJson.Default.CampaignList, cancellationToken)
            .ConfigureAwait(false);
        return list?.Campaigns ?? [];
    }

    /// <param name="id">The campaign.</param>
    /// <param name="status"><c>live</c> or <c>paused</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task SetStatusAsync(string id, string status, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(status);
        var body = JsonContent.Create(new StatusChange(status), FlywheelJson.Default.StatusChange);
        return _engine.SendAsync(HttpMethod.Patch, Path(id), body, cancellationToken);
    }

    /// <exception cref="FlywheelException">There is no such campaign (404), or the request failed.</exception>
    public Task<Scores> GetScoresAsync(string campaign, CancellationToken cancellationToken = default) =>
        ScoresAsync($"{Path(campaign)}/scores", cancellationToken);

    /// <summary>As <see cref="GetScoresAsync"/>, each segment with its channels.</summary>
    public Task<Scores> GetScoresByChannelAsync(string campaign, CancellationToken cancellationToken = default) =>
        ScoresAsync($"{Path(campaign)}/scores?by=channel", cancellationToken);

    /// <summary>
    /// The scores now and whenever they change, at most 4 a second. It reconnects when the connection breaks, so the same
    /// scores may come twice, and ends when the campaign is gone.
    /// </summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="segment">Narrows the scores to one segment.</param>
    /// <param name="cancellationToken">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="FlywheelException">The engine refuses the stream, other than for load or an absent campaign.</exception>
    public IAsyncEnumerable<Scores> StreamScoresAsync(
        string campaign, string? segment = null, CancellationToken cancellationToken = default)
    {
        var query = segment is null ? "" : $"?segment={Uri.EscapeDataString(segment)}";
        return new ScoreStream(_engine, _options, $"{Path(campaign)}/scores/stream{query}", (reason, wait) =>
            StreamConnectionChanged?.Invoke(this, new StreamConnection(campaign, reason is null, reason, wait))).ReadAsync(cancellationToken);
    }

    /// <summary>Waits until the engine can serve, for as long as the token lets it.</summary>
    /// <exception cref="FlywheelException">What answers is not an engine, or refuses.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                await _engine.SendAsync(HttpMethod.Get, "health/ready", null, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (FlywheelException e) when (e.IsTransient)
            {
                await Task.Delay(ReadyPollInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <param name="campaign">The campaign.</param>
    /// <param name="language">Of its sentences: <c>en</c> or <c>fr</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What learning gains over the control group.</returns>
    public Task<Experiment> GetExperimentAsync(string campaign, string language = "en", CancellationToken cancellationToken = default) =>
        GetAsync($"{Path(campaign)}/experiment?language={Uri.EscapeDataString(language)}", FlywheelJson.Default.Experiment, cancellationToken);

    /// <param name="campaign">The campaign.</param>
    /// <param name="language">Of the sentences: <c>en</c> or <c>fr</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What can be said of the campaign.</returns>
    public Task<Insights> GetInsightsAsync(string campaign, string language = "en", CancellationToken cancellationToken = default) =>
        GetAsync($"{Path(campaign)}/insights?language={Uri.EscapeDataString(language)}", FlywheelJson.Default.Insights, cancellationToken);

    /// <param name="campaign">The campaign.</param>
    /// <param name="status">Such as <c>pending</c>; all where null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The proposals, oldest first.</returns>
    public async Task<IReadOnlyList<Proposal>> ListProposalsAsync(string campaign, string? status = null, CancellationToken cancellationToken = default)
    {
        var path = $"{Path(campaign)}/proposals{(status is null ? "" : $"?status={Uri.EscapeDataString(status)}")}";
        return (await GetAsync(path, FlywheelJson.Default.ProposalList, cancellationToken).ConfigureAwait(false)).Proposals;
    }

    /// <summary>Lets a proposal go live, on trial.</summary>
    /// <exception cref="FlywheelException">It was decided already (409), or there is none (404).</exception>
    public Task<Proposal> ApproveAsync(string campaign, string proposal, string? comment = null, CancellationToken cancellationToken = default) =>
        DecideProposalAsync(campaign, proposal, "approve", comment, cancellationToken);

    /// <summary>Lets a proposal go live, on trial, where it still says what this revision of it said.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="proposal">Its id.</param>
    /// <param name="revision">Its <see cref="Proposal.Revision"/> as it was read.</param>
    /// <param name="comment">What is to be said of it; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlywheelException">It has been rewritten since, or was decided already (409), or there is none (404).</exception>
    public Task<Proposal> ApproveAsync(string campaign, string proposal, int revision, string? comment = null, CancellationToken cancellationToken = default) =>
        PostProposalAsync(campaign, proposal, "approve", JsonContent.Create(new Approval(comment, revision), FlywheelJson.Default.Approval), cancellationToken);

    /// <summary>Refuses a proposal.</summary>
    /// <exception cref="FlywheelException">It was decided already (409), or there is none (404).</exception>
    public Task<Proposal> RejectAsync(string campaign, string proposal, string? comment = null, CancellationToken cancellationToken = default) =>
        DecideProposalAsync(campaign, proposal, "reject", comment, cancellationToken);

    /// <summary>Refuses a proposal and has the writer try again, with the comment.</summary>
    /// <exception cref="FlywheelException">It was decided already (409), or there is none (404).</exception>
    public Task<Proposal> ReviseAsync(string campaign, string proposal, string? comment = null, CancellationToken cancellationToken = default) =>
        DecideProposalAsync(campaign, proposal, "revise", comment, cancellationToken);

    /// <summary>Takes a decision back: what went live is retired, what was refused waits again.</summary>
    /// <exception cref="FlywheelException">There is nothing to undo (409), or no such proposal (404).</exception>
    public Task<Proposal> UndoAsync(string campaign, string proposal, string? comment = null, CancellationToken cancellationToken = default) =>
        DecideProposalAsync(campaign, proposal, "undo", comment, cancellationToken);

    /// <summary>Puts one's own version in the place of a proposal that waits; it needs approval as before.</summary>
    /// <exception cref="FlywheelException">The content will not do (422), it was decided already (409), or there is none (404).</exception>
    public Task<Proposal> EditAsync(string campaign, string proposal, ProposalEdit edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return PostProposalAsync(campaign, proposal, "edit", JsonContent.Create(edit, FlywheelJson.Default.ProposalEdit), cancellationToken);
    }

    /// <param name="campaign">The campaign.</param>
    /// <param name="segment">The one to tell of; all where null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the campaign's policies can go back to.</returns>
    public Task<PolicyCheckpoints> GetCheckpointsAsync(string campaign, string? segment = null, CancellationToken cancellationToken = default) =>
        GetAsync($"{Path(campaign)}/policy/checkpoints{(segment is null ? "" : $"?segment={Uri.EscapeDataString(segment)}")}", FlywheelJson.Default.PolicyCheckpoints, cancellationToken);

    /// <summary>Takes policies back to what was learnt by an earlier moment. What was counted stays.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="to">Each segment goes back to its newest checkpoint that is not after this.</param>
    /// <param name="segment">The one that goes back; all where null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlywheelException">There is no checkpoint that old (422), and the error names those that there are; nothing has changed.</exception>
    public async Task<PolicyRollback> RollBackAsync(string campaign, DateTimeOffset to, string? segment = null, CancellationToken cancellationToken = default)
    {
        var body = JsonContent.Create(new RollbackRequest(to) { Segment = segment }, FlywheelJson.Default.RollbackRequest);
        return await _engine.SendAsync(HttpMethod.Post, $"{Path(campaign)}/policy/rollback", body, FlywheelJson.Default.PolicyRollback, cancellationToken).ConfigureAwait(false)
            ?? throw new FlywheelException("The engine answered nothing.");
    }

    /// <param name="campaign">The campaign.</param>
    /// <param name="before">Entries with a lower number; the newest where null.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What happened, newest first.</returns>
    public async Task<IReadOnlyList<HistoryEntry>> GetHistoryAsync(string campaign, long? before = null, int limit = 1_000, CancellationToken cancellationToken = default)
    {
        var path = $"{Path(campaign)}/history?limit={limit}{(before is null ? "" : $"&before={before}")}";
        return (await GetAsync(path, FlywheelJson.Default.History, cancellationToken).ConfigureAwait(false)).Entries;
    }

    /// <summary>Delivers what was tracked within <see cref="FlywheelClientOptions.DisposeTimeout"/>, and abandons the rest.</summary>
    public ValueTask DisposeAsync() => _tracker.DisposeAsync();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await _engine.SendAsync(HttpMethod.Get, path, null, type, cancellationToken).ConfigureAwait(false) ?? throw new FlywheelException("The engine answered nothing.");

    private Task<Proposal> DecideProposalAsync(string campaign, string proposal, string verb, string? comment, CancellationToken cancellationToken) =>
        PostProposalAsync(campaign, proposal, verb, JsonContent.Create(new DecisionComment(comment), FlywheelJson.Default.DecisionComment), cancellationToken);

    private async Task<Proposal> PostProposalAsync(string campaign, string proposal, string verb, HttpContent body, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(proposal);
        return await _engine.SendAsync(
                HttpMethod.Post, $"{Path(campaign)}/proposals/{Uri.EscapeDataString(proposal)}/{verb}", body, FlywheelJson.Default.Proposal, cancellationToken)
            .ConfigureAwait(false) ?? throw new FlywheelException("The engine answered nothing.");
    }

    private async Task<Scores> ScoresAsync(string path, CancellationToken cancellationToken) =>
        await _engine.SendAsync(HttpMethod.Get, path, null, FlywheelJson.Default.Scores, cancellationToken).ConfigureAwait(false)
        ?? throw new FlywheelException("The engine answered without scores.");

    private static string Path(string campaign)
    {
        ArgumentException.ThrowIfNullOrEmpty(campaign);
        return $"v1/campaigns/{Uri.EscapeDataString(campaign)}";
    }
}
