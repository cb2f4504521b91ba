using System.Globalization;
using System.Net;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// Lets in whole answers of bounded size only. Reading them here puts a dripping answer under the attempt's time-out and a broken
/// one under the retries. A redirect is refused wherever it leads: a model's endpoint has no business sending us (and the key) elsewhere,
/// least of all to an address that only this machine can reach.
/// </summary>
internal sealed class AnswerGuard(ModelOptions options, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int ChunkBytes = 16 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Without a key the client would send an empty one, which servers may take for a wrong one.
        if (options.ApiKey is null)
            request.Headers.Authorization = null;
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
                throw new ModelCallException(FailureKind.Refused, string.Create(CultureInfo.InvariantCulture, $"the endpoint redirects (HTTP {(int)response.StatusCode}), and redirects are not followed"));
            var whole = await ReadAsync(response.Content, cancellationToken);
            foreach (var header in response.Content.Headers)
                whole.Headers.TryAddWithoutValidation(header.Key, header.Value);
            response.Content.Dispose();
            response.Content = whole;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<ByteArrayContent> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
            {
                if (whole.Length + read > options.MaxAnswerBytes)
                    throw new ModelCallException(FailureKind.Malformed, string.Create(CultureInfo.InvariantCulture, $"the answer is longer than {options.MaxAnswerBytes} bytes"));
                whole.Write(chunk, 0, read);
            }
        }
        catch (IOException)
        {
            throw new HttpRequestException("the answer broke off");
        }
        return new ByteArrayContent(whole.ToArray());
    }
}
