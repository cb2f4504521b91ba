using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Flywheel.Client;

/// <summary>Reads server-sent scores over as many connections as it takes.</summary>
/// <param name="changed">Hears of each connection, and of its end: why, and after which wait the next one is tried.</param>
internal sealed class ScoreStream(EngineConnection engine, FlywheelClientOptions options, string path, Action<string?, TimeSpan?> changed)
{
    private readonly Backoff _backoff = new(options);

    public async IAsyncEnumerable<Scores> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? lastEventId = null;
        var failures = 0;
        while (true)
        {
            TimeSpan? retryAfter = null;
            var reason = "The connection ended.";
            HttpResponseMessage? response = null;
            try
            {
                response = await engine.OpenStreamAsync(path, lastEventId, cancellationToken).ConfigureAwait(false);
                changed(null, null);
            }
            catch (FlywheelException e) when (e.Status == HttpStatusCode.NotFound)
            {
                yield break;
            }
            catch (FlywheelException e) when (e.IsTransient)
            {
                (retryAfter, reason) = (e.RetryAfter, e.Message);
            }
            using (response)
            {
                using var silence = new CancellationTokenSource(options.StreamIdleTimeout, options.TimeProvider);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
                var body = response is null ? Stream.Null : await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
                var heard = new HeardStream(body, () => silence.CancelAfter(options.StreamIdleTimeout));
                await using var _1 = heard.ConfigureAwait(false);
                var parser = SseParser.Create(heard, Parse);
                var events = parser.EnumerateAsync(either.Token).GetAsyncEnumerator(CancellationToken.None);
                await using var _2 = events.ConfigureAwait(false);
                while (await TryMoveNextAsync(events, cancellationToken).ConfigureAwait(false))
                {
                    failures = 0;
                    if (parser.LastEventId.Length > 0)
                        lastEventId = parser.LastEventId;
                    if (parser.ReconnectionInterval > TimeSpan.Zero)
                        retryAfter = parser.ReconnectionInterval;
                    if (events.Current.Data is { } scores)
                        yield return scores;
                }
            }
            var wait = _backoff.After(++failures, retryAfter);
            changed(reason, wait);
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>False where the connection ended, broke or stayed silent.</returns>
    private static async Task<bool> TryMoveNextAsync(IAsyncEnumerator<SseItem<Scores?>> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
        catch (JsonException e)
        {
            throw EngineConnection.Unreadable(e, HttpStatusCode.OK);
        }
    }

    private static Scores? Parse(string type, ReadOnlySpan<byte> data) =>
        type == "scores" ? JsonSerializer.Deserialize(data, FlywheelJson.Default.Scores) : null;
}
