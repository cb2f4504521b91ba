using System.Net.Http.Headers;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Load;

/// <summary>Asks a silo, and turns whatever happens into an answer.</summary>
internal static class SiloCalls
{
    public static readonly MediaTypeHeaderValue Json = new("application/json");
    public static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    public static async Task<SiloAnswer> SendAsync(
        this SiloProcess silo, HttpMethod method, string path, ReadOnlyMemory<byte> body, MediaTypeHeaderValue type, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = type } } };
            using var answer = await silo.Http.SendAsync(request, limit.Token);
            return new SiloAnswer((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta, await answer.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return new SiloAnswer(SiloAnswer.Lost, null, []);
        }
    }
}
