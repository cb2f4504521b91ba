using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests;

/// <summary>Talks to an engine as any HTTP client would.</summary>
public sealed class Api(Uri url) : IDisposable
{
    public const string Lines = "application/x-ndjson";

    private const int BatchSize = 1_000;

    public HttpClient Http { get; } = new() { BaseAddress = url, Timeout = Eventually.Patience };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<Answer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, Body(json));

    public Task<Answer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, Body(json));

    public Task<Answer> PostAsync(string path, string body, string? contentType = "application/json") =>
        SendAsync(HttpMethod.Post, path, Body(body, contentType));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage { Content = body };
        return await SendAsync(request, method, path);
    }

    /// <summary>With headers of its own.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request, HttpMethod method, string path)
    {
        (request.Method, request.RequestUri) = (method, new Uri(path, UriKind.Relative));
        using var response = await Http.SendAsync(request, Cancel);
        return new Answer(
            (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(Cancel), response.Headers);
    }

    public async Task<ScoreDocument> ScoresAsync(string campaign, string query = "") =>
        (await GetAsync($"/v1/campaigns/{campaign}/scores{query}")).Expect(200).Read<ScoreDocument>();

    /// <param name="campaign">The campaign.</param>
    /// <param name="rest">More members of the request, such as <c>"unit":"u1"</c>.</param>
    public async Task<Decision> DecideAsync(string campaign, string rest = "") =>
        (await PostAsync("/v1/decisions", Request(campaign, rest))).Expect(200).Read<Decision>();

    /// <summary>Many decisions, in batches.</summary>
    public async Task<IReadOnlyList<Decision>> DecideManyAsync(string campaign, int many, Func<int, string>? rest = null)
    {
        var decisions = new List<Decision>(many);
        foreach (var batch in Enumerable.Range(0, many).Chunk(BatchSize))
        {
            var requests = string.Join(',', batch.Select(i => Request(campaign, rest?.Invoke(i) ?? "")));
            var answer = await PostAsync("/v1/decisions/batch", $$"""{"decisions":[{{requests}}]}""");
            decisions.AddRange(answer.Expect(200).Read<Batch>().Decisions);
        }
        return decisions;
    }

    /// <summary>A campaign's entry in the list, null where it is not there.</summary>
    public async Task<JsonNode?> ListedAsync(string campaign) =>
        (await GetAsync("/v1/campaigns")).Expect(200).Json["campaigns"]!.AsArray().SingleOrDefault(each => each!["id"]!.GetValue<string>() == campaign);

    public void Dispose() => Http.Dispose();

    public static HttpContent Body(string text, string? contentType = "application/json") => Body(Encoding.UTF8.GetBytes(text), contentType);

    public static HttpContent Body(byte[] bytes, string? contentType = "application/json") => new ByteArrayContent(bytes)
    {
        Headers = { ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType) },
    };

    private static string Request(string campaign, string rest) => $$"""{"campaign":"{{campaign}}"{{(rest.Length == 0 ? "" : "," + rest)}}}""";

    private sealed record Batch(IReadOnlyList<Decision> Decisions);
}
