using System.Text;

namespace Flywheel.Silo.Tests.Access;

/// <summary>
/// Every route of the API's own description with every kind of credential. What is not in the lists below is for <c>read</c> where it only
/// reads and for <c>operate</c> where it does not, so that a route that is new is held to it without being named here.
/// </summary>
public sealed class AccessMatrixTests : IAsyncLifetime
{
    private const string Own = "acme";
    private const string Foreign = "globex";

    /// <summary>In the campaign of <see cref="Own"/> alone.</summary>
    private const string Secret = "Zanzibar";

    private static readonly string[] ForAnybody =
        ["get /health/startup", "get /health/ready", "get /health/live", "get /v1/b/{type}/{decisionId}", "post /v1/b/{type}/{decisionId}", "get /v1/session", "post /v1/session", "delete /v1/session"];

    private static readonly string[] ForServing =
        ["post /v1/decisions", "post /v1/decisions/batch", "post /v1/decisions/served", "post /v1/signals", "post /v1/campaigns/{id}/lease",
        "post /ofrep/v1/evaluate/flags", "post /ofrep/v1/evaluate/flags/{key}", "post /openrtb/2.6/bid/{campaign}"];

    private static readonly string[] ForServingAndReading = ["get /v1/campaigns/{id}/policy", "get /v1/campaigns/{id}/policy/stream"];

    /// <summary>What is asked there says itself what it takes beyond reading.</summary>
    private static readonly string[] ForReading = ["post /mcp"];

    private static readonly string[] ForOperating = ["get /v1/webhooks", "get /v1/webhooks/{id}", "get /v1/webhooks/{id}/deliveries", "get /v1/webhooks/{id}/dead-letters"];

    private static readonly string[] ForTheEngine = ["get /v1/cluster", "get /metrics"];

    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete"];

    private readonly TempFolder _data = new();
    private readonly Keys _keys;
    private Engine? _engine;

    public AccessMatrixTests()
    {
        _keys = new Keys(_data.File("keys.json"));
        foreach (var role in (string[])["serve", "read", "operate", "admin"])
            _keys.Add(Own, role).Add("default", role).Add(Foreign, role);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await Engine.StartAsync(_data, args: ["--api-keys", _keys.Save().Path]);
        using var owner = _keys.For(_engine.Url, Own, "operate");
        (await owner.PutAsync("/v1/campaigns/spring", Wire.Spring.Replace("Run lighter", Secret, StringComparison.Ordinal).Replace("\"rewards\"", """ "delivery":{"price":1,"link":"https://example.com/"},"rewards" """, StringComparison.Ordinal))).Expect(201);
        (await owner.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);
        await Eventually.ReadsAsync(async () => (await owner.GetAsync("/v1/campaigns/spring/proposals")).Expect(200).Json["proposals"]!.AsArray(), found => found.Count > 0, "a proposal", found => found.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        await _engine!.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task EveryRoute_WithoutACredential_IsRefusedUnlessItIsForAnybody()
    {
        var wrong = new List<string>();
        foreach (var (method, path) in await RoutesAsync())
        {
            foreach (var credential in (string?[])[null, "flw_" + new string('A', 43), "nonsense", ""])
            {
                var (status, _) = await CallAsync(method, path, credential);
                if ((status == 401) == ForAnybody.Contains($"{method} {path}") && path != "/v1/session")
                    wrong.Add($"{method} {path} with {credential ?? "nothing"}: {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task EveryRoute_WithEachRole_IsForThoseThatItIsFor()
    {
        var wrong = new List<string>();
        foreach (var (method, path) in await RoutesAsync())
        {
            // Its own tenant's campaign may change on the way, so it is not the one with the secret.
            foreach (var tenant in (string[])["default", Foreign])
            {
                foreach (var role in (string[])["serve", "read", "operate", "admin"])
                {
                    var (status, _) = await CallAsync(method, path, _keys[tenant, role]);
                    if (IsFor(method, path, tenant, role) == (status is 401 or 403))
                        wrong.Add($"{method} {path} as {role} of {tenant}: {status}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task EveryRoute_OfAnotherTenant_ShowsAndChangesNothing()
    {
        using var owner = _keys.For(_engine!.Url, Own, "admin");
        var before = await StateAsync(owner);
        var wrong = new List<string>();

        foreach (var (method, path) in await RoutesAsync())
        {
            foreach (var tenant in (string[])["default", Foreign])
            {
                var (status, text) = await CallAsync(method, path, _keys[tenant, "admin"]);
                if (text.Contains(Secret, StringComparison.Ordinal) || (path.Contains("{id}", StringComparison.Ordinal) && method == "get" && status != 404))
                    wrong.Add($"{method} {path} as admin of {tenant}: {status} {text[..Math.Min(200, text.Length)]}");
                // What a call with a body of nothing may have made.
                using var foreigner = _keys.For(_engine.Url, tenant, "admin");
                await foreigner.DeleteAsync("/v1/campaigns/spring");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await StateAsync(owner));
    }

    private static bool IsFor(string method, string path, string tenant, string role)
    {
        var route = $"{method} {path}";
        string[] roles = ForAnybody.Contains(route) ? ["serve", "read", "operate", "admin"]
            : ForServing.Contains(route) ? ["serve", "admin"]
            : ForServingAndReading.Contains(route) ? ["serve", "read", "operate", "admin"]
            : ForOperating.Contains(route) ? ["operate", "admin"]
            : ForTheEngine.Contains(route) ? tenant == "default" ? ["admin"] : []
            : method == "get" || ForReading.Contains(route) ? ["read", "operate", "admin"] : ["operate", "admin"];
        return roles.Contains(role);
    }

    private static async Task<string> StateAsync(Api owner) => string.Join('\n', await Task.WhenAll(
        ((string[])["", "/modules", "/proposals", "/history", "/policy"]).Select(async part => (await owner.GetAsync($"/v1/campaigns/spring{part}")).Expect(200).Text)));

    private async Task<IReadOnlyList<(string Method, string Path)>> RoutesAsync()
    {
        var document = (await _engine!.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => operation.Key).Where(Methods.Contains).Select(method => (method, path.Key))).ToList();
        Assert.True(described.Count > 30, $"expected the description of all routes; came {described.Count}");
        return [.. described, ("get", "/metrics"), ("post", "/mcp"), ("get", "/mcp"), ("delete", "/mcp")];
    }

    /// <summary>Calls a route with the ids of the secret campaign in its path; of a stream the beginning is read.</summary>
    private async Task<(int Status, string Text)> CallAsync(string method, string path, string? credential)
    {
        var filled = path.Replace("{id}", "spring", StringComparison.Ordinal).Replace("{campaign}", "spring", StringComparison.Ordinal).Replace("{slot}", "headline", StringComparison.Ordinal)
            .Replace("{module}", "h1", StringComparison.Ordinal).Replace("{proposal}", "p-1", StringComparison.Ordinal)
            .Replace("{key}", "spring.headline", StringComparison.Ordinal).Replace("{type}", "click", StringComparison.Ordinal).Replace("{decisionId}", "x", StringComparison.Ordinal);
        Assert.DoesNotContain('{', filled);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(_engine!.Url, filled));
        if (credential is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
        if (path == "/mcp")
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (method != "get")
            request.Content = Api.Body(BodyFor(path));
        using var http = new HttpClient();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            patience.CancelAfter(TimeSpan.FromMilliseconds(200));
        var (text, buffer) = (new StringBuilder(), new byte[16_384]);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var length)
                text.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
        }
        return ((int)response.StatusCode, text.ToString());
    }

    /// <summary>A body that reaches the campaign, so that it is not for a mistake in it that nothing is found.</summary>
    private static string BodyFor(string path) => path switch
    {
        "/v1/campaigns/{id}" => """{"status":"paused"}""",
        "/v1/decisions" => """{"campaign":"spring"}""",
        "/v1/decisions/batch" => """{"decisions":[{"campaign":"spring"}]}""",
        "/v1/signals" => """{"id":"s-1","campaign":"spring","modules":{"headline":"h1"},"type":"click"}""",
        "/mcp" => """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"propose_messaging","arguments":{"campaign":"spring","slot":"headline","content":{"text":"Mine now"}}}}""",
        _ when path.StartsWith("/openrtb", StringComparison.Ordinal) => """{"id":"1","imp":[{"id":"1","native":{"request":{"assets":[{"id":1,"title":{"len":200}}]}}}]}""",
        _ when path.StartsWith("/ofrep", StringComparison.Ordinal) => """{"context":{"targetingKey":"u-1"}}""",
        _ when path.EndsWith("/edit", StringComparison.Ordinal) => """{"content":{"text":"Mine now"}}""",
        _ => """{"comment":"mine"}""",
    };
}
