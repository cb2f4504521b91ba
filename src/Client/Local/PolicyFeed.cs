using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>
/// Keeps a campaign's policy as the engine has it: by its stream, and by asking for what changed between two streams. What it had last
/// stays in force while the engine is away. Reading <see cref="Current"/> is safe from any thread.
/// </summary>
internal sealed class PolicyFeed(EngineConnection engine, FlywheelClientOptions options, string path)
{
    private readonly Backoff _backoff = new(options);
    private LocalPolicy? _current;
    private EntityTagHeaderValue? _etag;
    private long _heardAt;
    private volatile bool _isConnected;
    private volatile bool _isGone;

    /// <summary>Told of the segments that a new policy no longer has.</summary>
    public event Action<IEnumerable<LocalSegment>>? SegmentsLeft;

    /// <summary>What to serve from; there is one once <see cref="PollAsync"/> has returned.</summary>
    public LocalPolicy Current => Volatile.Read(ref _current)!;

    /// <summary>Whether the engine says that there is no such campaign any more.</summary>
    public bool IsGone => _isGone;

    public bool IsConnected => _isConnected;

    /// <summary>Since the engine was last heard of.</summary>
    public TimeSpan Age => options.TimeProvider.GetElapsedTime(Interlocked.Read(ref _heardAt));

    /// <summary>What last went wrong; null since it worked again.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Asks for the policy where it is another one than here.</summary>
    /// <exception cref="FlywheelException">The engine refuses, or is away.</exception>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}/policy");
        if (_etag is not null)
            request.Headers.IfNoneMatch.Add(_etag);
        using var response = await engine.OpenAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.NotModified)
        {
            Put(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            _etag = response.Headers.ETag;
        }
        Hear();
    }

    /// <summary>Follows the engine until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            TimeSpan? retryAfter = null;
            try
            {
                if (await FollowAsync(cancellationToken).ConfigureAwait(false))
                    failures = 0;
                else
                    await PollAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (FlywheelException e)
            {
                // 404 is the engine's word; whatever else it is, what was known last serves on, and it is tried again.
                _isGone = _isGone || e.Status == HttpStatusCode.NotFound;
                (Trouble, retryAfter) = (e.Message, e.RetryAfter);
            }
            _isConnected = false;
            await Task.Delay(_backoff.After(failures + 1, retryAfter), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads one stream to its end; false where nothing came of it.</summary>
    private async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(options.StreamIdleTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        var came = false;
        try
        {
            using var response = await engine.OpenStreamAsync($"{path}/policy/stream", null, either.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            var heard = new HeardStream(body, () =>
            {
                Hear();
                silence.CancelAfter(options.StreamIdleTimeout);
            });
            await using var _ = heard.ConfigureAwait(false);
            await foreach (var item in SseParser.Create(heard, static (type, data) => (type, data.ToArray())).EnumerateAsync(either.Token).ConfigureAwait(false))
            {
                if (!Take(item.Data.type, item.Data.Item2))
                    return came;
                (came, _isConnected) = (true, true);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Trouble = $"The stream of policies broke: {e.Message}";
        }
        return came;
    }

    /// <summary>False where the event does not fit what is here, and the stream has to begin anew.</summary>
    private bool Take(string type, byte[] data)
    {
        // What the stream said, the last answer's tag knows nothing of.
        _etag = null;
        if (type == "policy")
            Put(data);
        else if (type == "segments")
            return Change(data);
        return true;
    }

    private void Put(byte[] document) => Guard(() => Put(PolicySnapshotReader.Read(document)));

    private bool Change(byte[] document) => Guard(() =>
    {
        if (PolicySnapshotReader.ReadSegments(document, Current.Snapshot) is not { } changed)
            return false;
        return Put(changed);
    });

    private bool Put(PolicySnapshot snapshot)
    {
        var (earlier, current) = (_current, new LocalPolicy(snapshot, _current));
        Volatile.Write(ref _current, current);
        (_isGone, Trouble) = (false, null);
        if (earlier is not null)
            SegmentsLeft?.Invoke(earlier.Segments.Where(segment => earlier.Snapshot.Incarnation != snapshot.Incarnation || snapshot.PlaceOf(segment.Source.Id) < 0));
        return true;
    }

    private static bool Guard(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            throw EngineConnection.Unreadable(e, HttpStatusCode.OK);
        }
    }

    private void Hear() => Interlocked.Exchange(ref _heardAt, options.TimeProvider.GetTimestamp());
}
