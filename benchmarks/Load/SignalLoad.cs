using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Flywheel.Client;

namespace Flywheel.Benchmarks.Load;

/// <summary>
/// NDJSON signals in batches of 1,000, every one a different decision's impression or click. Timed from the first request
/// until the scores show the last signal as counted.
/// </summary>
internal static class SignalLoad
{
    private const int BatchSize = 1_000;
    private const int Connections = 4;

    public static async Task RunAsync(HttpClient http, int count)
    {
        await CampaignLoad.PutAsync(http, "bench");
        await using var client = new FlywheelClient(http);
        var before = (await client.GetScoresAsync("bench")).Ledger.Counted;
        var bodies = await BuildAsync(http, count);
        Console.WriteLine($"built {bodies.Count} bodies");
        var total = bodies.Count * BatchSize;
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (body, cancel) => await PostAsync(http, body, cancel));
        var acknowledged = Stopwatch.GetElapsedTime(started);
        while ((await client.GetScoresAsync("bench")).Ledger.Counted < before + total)
            await Task.Delay(5);
        var counted = Stopwatch.GetElapsedTime(started);
        Console.WriteLine($"{total} signals: 202 after {acknowledged.TotalSeconds:F2} s, counted after {counted.TotalSeconds:F2} s: {total / counted.TotalSeconds:F0} a second");
    }

    /// <summary>One body for each 1,000 signals: an impression for every decision and a click for every tenth.</summary>
    private static async Task<List<byte[]>> BuildAsync(HttpClient http, int count)
    {
        var request = Encoding.UTF8.GetBytes($$"""{"decisions":[{{string.Join(',', Enumerable.Repeat("""{"campaign":"bench"}""", BatchSize))}}]}""");
        var lines = new StringBuilder();
        var (inBody, made) = (0, 0);
        var bodies = new List<byte[]>();
        while (bodies.Count * BatchSize < count)
        {
            using var content = new ByteArrayContent(request);
            using var response = await http.PostAsync(new Uri("v1/decisions/batch", UriKind.Relative), content);
            response.EnsureSuccessStatusCode();
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
            foreach (var decision in answer.RootElement.GetProperty("decisions").EnumerateArray())
            {
                var id = decision.GetProperty("decisionId").GetString();
                Add($$"""{"decisionId":"{{id}}","type":"impression"}""");
                if (made++ % 10 == 0)
                    Add($$"""{"decisionId":"{{id}}","type":"click"}""");
            }
        }
        return bodies;

        void Add(string line)
        {
            lines.Append(line).Append('\n');
            if (++inBody < BatchSize)
                return;
            bodies.Add(Encoding.UTF8.GetBytes(lines.ToString()));
            lines.Clear();
            inBody = 0;
        }
    }

    private static async Task PostAsync(HttpClient http, byte[] body, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await http.PostAsync(new Uri("v1/signals", UriKind.Relative), content, cancellationToken);
            if (response.IsSuccessStatusCode)
                return;
            if ((int)response.StatusCode != 429)
                throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            await Task.Delay(50, cancellationToken);
        }
    }
}
