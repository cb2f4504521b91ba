using System.Diagnostics;
using System.Net.Http.Headers;

namespace Flywheel.Benchmarks.Load;

/// <summary>Sends bodies of signals.</summary>
internal static class SignalPost
{
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends a body until it is accepted; a full backlog is waited for.</summary>
    /// <exception cref="InvalidOperationException">A signal was rejected, or the request failed.</exception>
    public static async Task SendAsync(HttpClient http, byte[] body, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await http.PostAsync(new Uri("v1/signals", UriKind.Relative), content, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode && answer.Contains("\"rejected\":[]", StringComparison.Ordinal))
                return;
            if ((int)response.StatusCode != 429)
                throw new InvalidOperationException($"{response.StatusCode}: {answer}");
            await Task.Delay(Backoff, cancellationToken);
        }
    }

    /// <summary>Sends full bodies at a fixed rate until it is cancelled, each in its time whether or not the one before was answered; at most so many are under way.</summary>
    /// <returns>Signals sent a second, which is less than asked for where the engine could not keep up.</returns>
    public static async Task<double> PaceAsync(HttpClient http, SignalBodies bodies, int signalsPerSecond, CancellationToken stop)
    {
        const int MostUnderWay = 16;
        using var underWay = new SemaphoreSlim(MostUnderWay);
        var (started, sent) = (Stopwatch.GetTimestamp(), 0L);
        while (!stop.IsCancellationRequested)
        {
            var due = TimeSpan.FromSeconds((double)sent * SignalBodies.Full / signalsPerSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.FromMilliseconds(1))
                await Task.Delay(due, CancellationToken.None);
            var body = bodies.Next();
            await underWay.WaitAsync(CancellationToken.None);
            sent++;
            _ = SendOneAsync(body);
        }
        var rate = sent * SignalBodies.Full / Stopwatch.GetElapsedTime(started).TotalSeconds;
        for (var i = 0; i < MostUnderWay; i++)
            await underWay.WaitAsync(CancellationToken.None);
        return rate;

        async Task SendOneAsync(byte[] body)
        {
            try
            {
                await SendAsync(http, body, CancellationToken.None);
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
            {
                Console.Error.WriteLine($"signals: {e.Message}");
                Environment.Exit(1);
            }
            finally
            {
                underWay.Release();
            }
        }
    }
}
