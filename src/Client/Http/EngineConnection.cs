using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Flywheel.Client;

/// <summary>The one place that talks HTTP: it turns whatever can go wrong into a <see cref="FlywheelException"/>.</summary>
internal sealed class EngineConnection(HttpClient http, TimeProvider time)
{
    /// <returns>The answer; default where it has no content.</returns>
    public async Task<T?> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await OpenAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent)
            return default;
        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = content.ConfigureAwait(false);
        try
        {
            return await JsonSerializer.DeserializeAsync(content, type, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw Unreadable(e, response.StatusCode);
        }
    }

    /// <returns>The status of a success.</returns>
    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await OpenAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return response.StatusCode;
    }

    /// <summary>Begins to read server-sent events, after the one with this id where there is one.</summary>
    /// <returns>A success, which the caller disposes.</returns>
    public async Task<HttpResponseMessage> OpenStreamAsync(string path, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return await OpenAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>A success, or that nothing has changed, which the caller disposes.</returns>
    public async Task<HttpResponseMessage> OpenAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new FlywheelException($"The engine at {http.BaseAddress} could not be reached: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FlywheelException($"The engine at {http.BaseAddress} did not answer within {http.Timeout}.", e);
        }
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            return response;
        using (response)
            throw await ReadProblemAsync(response, cancellationToken).ConfigureAwait(false);
    }

    public static FlywheelException Unreadable(JsonException cause, HttpStatusCode status) =>
        new($"The engine's answer could not be read: {cause.Message}", cause) { Status = status };

    private async Task<FlywheelException> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemDocument? problem = null;
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            problem = JsonSerializer.Deserialize(body, FlywheelJson.Default.ProblemDocument);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // A proxy answers in its own words; the status says enough.
        }
        var title = problem?.Title ?? response.ReasonPhrase;
        var errors = problem?.Errors ?? [];
        // The detail may say all of it already.
        var said = errors.SelectMany(field => field.Value.Select(error => field.Key.Length == 0 ? error : $"{field.Key}: {error}"))
            .Where(error => problem?.Detail?.Contains(error, StringComparison.Ordinal) != true).Prepend(problem?.Detail ?? title);
        return new FlywheelException($"{(int)response.StatusCode}: {string.Join("; ", said)}")
        {
            Status = response.StatusCode,
            Title = title,
            Detail = problem?.Detail,
            Errors = errors,
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
