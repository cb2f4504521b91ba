using System.Net;

namespace Flywheel.Silo.Tests.Access;

/// <summary>A browser that signed in with a key, and pages of other sites that would like to use it.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private readonly Keys _keys;
    private Engine? _engine;

    public SessionTests() => _keys = new Keys(_data.File("keys.json")).Add("acme", "operate").Add("default", "admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await Engine.StartAsync(_data, args: ["--api-keys", _keys.Save().Path]);

    public async ValueTask DisposeAsync()
    {
        await _engine!.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task SignIn_WithAKey_SetsACookieThatScriptsAndOtherSitesDoNotGet()
    {
        var answer = await SignInAsync();

        Assert.Matches("^flywheel-session=[^;]+; max-age=43200; path=/; samesite=strict; httponly$", Assert.Single(answer.Headers.GetValues("Set-Cookie")));
        Assert.DoesNotContain(_keys["acme", "operate"], answer.Headers.ToString(), StringComparison.Ordinal);
        Assert.Equal(("acme", "operate"), (answer.Json["tenant"]!.GetValue<string>(), answer.Json["role"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"key":"flw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", 401)]
    [InlineData("""{"key":null}""", 400)]
    [InlineData("{", 400)]
    public async Task SignIn_WithNone_IsRefused(string body, int status)
    {
        using var api = new Api(_engine!.Url);

        var answer = (await api.PostAsync("/v1/session", body)).Expect(status);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Cookie_OfOwnPage_ReadsAndChanges()
    {
        using var page = await PageAsync();

        (await page.SendAsync(From(_engine!.Url.GetLeftPart(UriPartial.Authority)), HttpMethod.Put, "/v1/campaigns/spring")).Expect(201);
        (await page.GetAsync("/v1/campaigns/spring")).Expect(200);
        (await page.GetAsync("/v1/session")).Expect(200);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Cookie_OfAnotherPage_ChangesNothing(string? origin)
    {
        using var page = await PageAsync();

        (await page.SendAsync(From(origin), HttpMethod.Put, "/v1/campaigns/spring")).Expect(403);
        (await page.GetAsync("/v1/campaigns/spring")).Expect(404);
    }

    [Fact]
    public async Task Cookie_WhoseKeyIsRevoked_EndsWithIt()
    {
        using var page = await PageAsync();
        (await page.GetAsync("/v1/campaigns")).Expect(200);

        _keys.Revoke("acme", "operate").Save();

        await Eventually.ReadsAsync(() => page.GetAsync("/v1/campaigns"), answer => answer.Status == 401, "the sign-in to end");
    }

    [Fact]
    public async Task SignIn_ByAnotherSitesForm_IsRefused()
    {
        using var api = new Api(_engine!.Url);
        using var request = new HttpRequestMessage { Content = Api.Body($$"""{"key":"{{_keys["acme", "operate"]}}","x":"="}""", "text/plain") };
        request.Headers.Add("Origin", "https://evil.example");

        var answer = (await api.SendAsync(request, HttpMethod.Post, "/v1/session")).Expect(403);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Stream_WhoseKeyIsRevoked_EndsWithIt()
    {
        using var page = await PageAsync();
        using var response = await page.Http.GetAsync("/v1/overview/stream", HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        using var reader = new StreamReader(stream);
        Assert.Equal("event: overview", await reader.ReadLineAsync(Cancel));

        _keys.Revoke("acme", "operate").Save();

        await Eventually.CompletesAsync(Task.Run(async () => await reader.ReadToEndAsync(Cancel)), "the stream to end");
    }

    [Fact]
    public async Task Cookie_ThatWasChanged_IsNone()
    {
        var cookie = Assert.Single((await SignInAsync()).Headers.GetValues("Set-Cookie")).Split(';')[0];
        using var api = new Api(_engine!.Url);
        api.Http.DefaultRequestHeaders.Add("Cookie", cookie[..^2] + (cookie[^2] == 'A' ? "BB" : "AA"));

        (await api.GetAsync("/v1/campaigns")).Expect(401);
    }

    [Fact]
    public async Task SignOut_TakesTheCookieBack()
    {
        using var page = await PageAsync();

        var answer = await page.SendAsync(From(_engine!.Url.GetLeftPart(UriPartial.Authority)), HttpMethod.Delete, "/v1/session");

        Assert.Contains("max-age=0", Assert.Single(answer.Expect(204).Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData("evil.example:8080", "http://evil.example:8080", 403)]
    [InlineData(null, "https://evil.example", 403)]
    [InlineData("localhost", null, 201)]
    [InlineData(null, null, 201)]
    public async Task EngineWithoutKeys_HearsItsOwnMachineAndNoPageOfAnotherSite(string? host, string? origin, int status)
    {
        await using var open = await Engine.StartAsync();
        using var request = From(origin);
        (request.Method, request.RequestUri, request.Headers.Host) = (HttpMethod.Put, new Uri(open.Url, "/v1/campaigns/spring"), host);
        using var http = new HttpClient();

        using var response = await http.SendAsync(request, Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 201 ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await http.GetAsync(new Uri(open.Url, "/v1/campaigns/spring"), Cancel)).StatusCode);
    }

    [Fact]
    public async Task Body_ThatIsCompressed_IsRefused()
    {
        await using var open = await Engine.StartAsync();
        using var body = Api.Body("{}");
        body.Headers.ContentEncoding.Add("gzip");

        (await open.Api.SendAsync(HttpMethod.Put, "/v1/campaigns/spring", body)).Expect(415);
    }

    private static HttpRequestMessage From(string? origin)
    {
        var request = new HttpRequestMessage { Content = Api.Body(Wire.Spring) };
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }

    private async Task<Answer> SignInAsync()
    {
        using var api = new Api(_engine!.Url);
        return (await api.PostAsync("/v1/session", $$"""{"key":"{{_keys["acme", "operate"]}}"}""")).Expect(200);
    }

    private async Task<Api> PageAsync()
    {
        var cookie = Assert.Single((await SignInAsync()).Headers.GetValues("Set-Cookie")).Split(';')[0];
        var api = new Api(_engine!.Url);
        api.Http.DefaultRequestHeaders.Add("Cookie", cookie);
        return api;
    }
}
