using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Flywheel.Silo.Tests.Access;

/// <summary>What is taken for a credential, and for how long.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private const string Issuer = "https://id.example";
    private const string Audience = "flywheel";

    private readonly TempFolder _data = new();
    private readonly Keys _keys;
    private readonly RSA _rsa = RSA.Create(2048);
    private Engine? _engine;

    public CredentialTests() => _keys = new Keys(_data.File("keys.json")).Add("default", "read").Add("default", "admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = "k1" });
        await File.WriteAllTextAsync(_data.File("jwks.json"), $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"k1","n":"{{key.N}}","e":"{{key.E}}"}]}""", Cancel);
        _keys.Add("default", "serve", key => key with { ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1) });
        _keys.Add("acme", "read", key => key with { RequestsPerSecond = 2 });
        _engine = await Engine.StartAsync(_data, args: ["--api-keys", _keys.Save().Path, "--jwt-issuer", Issuer, "--jwt-audience", Audience, "--jwt-keys", _data.File("jwks.json")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine!.DisposeAsync();
        _rsa.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Key_InEitherHeader_IsTaken()
    {
        Assert.Equal(200, await ListAsync("Authorization", $"Bearer {_keys["default", "read"]}"));
        Assert.Equal(200, await ListAsync("Authorization", $"bearer {_keys["default", "read"]}"));
        Assert.Equal(200, await ListAsync("X-Api-Key", _keys["default", "read"]));
        Assert.Equal(401, await ListAsync("Authorization", $"Basic {_keys["default", "read"]}"));
        Assert.Equal(401, await ListAsync("Authorization", $"Bearer {_keys["default", "read"]}x"));
    }

    [Fact]
    public async Task Key_ThatHasExpired_IsRefused()
    {
        using var api = _keys.For(_engine!.Url, "default", "serve");

        (await api.PostAsync("/v1/decisions", """{"campaign":"spring"}""")).Expect(401);
    }

    [Fact]
    public async Task Key_BeyondItsRate_IsToldToComeBack()
    {
        using var api = _keys.For(_engine!.Url, "acme", "read");

        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
            answers.Add(await api.GetAsync("/v1/campaigns"));

        Assert.Equal(200, answers[0].Status);
        var refused = answers.First(answer => answer.Status == 429);
        Assert.Contains("2 requests a second", refused.Text, StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
        await Eventually.ReadsAsync(() => api.GetAsync("/v1/campaigns"), answer => answer.Status == 200, "an answer once a second has passed");
    }

    [Fact]
    public async Task File_ThatChanges_HoldsAtOnceAndWithoutARestart()
    {
        using var revoked = _keys.For(_engine!.Url, "default", "read");
        (await revoked.GetAsync("/v1/campaigns")).Expect(200);

        _keys.Revoke("default", "read").Add("default", "operate").Save();

        using var added = _keys.For(_engine.Url, "default", "operate");
        await Eventually.ReadsAsync(() => added.GetAsync("/v1/campaigns"), answer => answer.Status == 200, "the new key to be taken");
        (await revoked.GetAsync("/v1/campaigns")).Expect(401);
    }

    [Fact]
    public async Task File_ThatCannotBeUsed_LeavesTheKeysAsTheyWere()
    {
        using var admin = _keys.For(_engine!.Url, "default", "admin");

        await File.WriteAllTextAsync(_keys.Path, "{", Cancel);

        await Eventually.ReadsAsync(async () => (await admin.GetAsync("/metrics")).Expect(200).Text, text => text.Contains("flywheel_watched_file_usable{file=\"keys.json\"} 0", StringComparison.Ordinal), "the metric to say so", _ => "1");
        (await admin.GetAsync("/v1/campaigns")).Expect(200);
    }

    [Fact]
    public async Task Token_OfTheIssuer_SpeaksForItsTenantInItsRole()
    {
        using var api = With(Token());
        (await api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);

        Assert.Equal("acme", (await api.GetAsync("/v1/session")).Expect(200).Json["tenant"]!.GetValue<string>());
        (await api.PostAsync("/v1/decisions", """{"campaign":"spring"}""")).Expect(403);
        using var host = _keys.For(_engine!.Url, "default", "admin");
        (await host.GetAsync("/v1/campaigns/spring")).Expect(404);
    }

    [Fact]
    public async Task Token_ThatIsNotToBeTrusted_IsRefused()
    {
        using var other = RSA.Create(2048);
        var rsa = new RsaSecurityKey(_rsa) { KeyId = "k1" };
        var shared = new SymmetricSecurityKey(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(_rsa.ExportRSAPublicKey()))) { KeyId = "k1" };
        var good = Token();
        string[] wrong =
        [
            Token(issuer: "https://other.example"), Token(audience: "other"), Token(minutes: -5), Token(minutes: null),
            Token(credentials: new(new RsaSecurityKey(other) { KeyId = "k1" }, "RS256")), Token(credentials: new(rsa, "RS512")), Token(credentials: new(rsa, "PS256")),
            Token(credentials: new(shared, "HS256")), Token(role: "owner"), Token(role: null), Token(tenant: "acme:x"), Token(tenant: ""), Token(tenant: null),
            // Without a signature, and saying so.
            $"{Base64UrlEncoder.Encode("{\"alg\":\"none\"}")}.{good.Split('.')[1]}.", $"{good[..good.LastIndexOf('.')]}.", good + "x", good.Replace('.', ' '),
        ];

        for (var i = 0; i < wrong.Length; i++)
        {
            using var api = With(wrong[i]);
            var status = (await api.GetAsync("/v1/campaigns")).Status;
            Assert.True(status == 401, $"token {i}: expected 401; came {status}");
        }
        using var trusted = With(good);
        (await trusted.GetAsync("/v1/campaigns")).Expect(200);
    }

    [Fact]
    public async Task Token_BeyondTheRateOfItsSubject_IsToldToComeBack_AndAnotherSubjectIsNot()
    {
        using var data = new TempFolder();
        await using var engine = await Engine.StartAsync(data, args: ["--jwt-issuer", Issuer, "--jwt-audience", Audience, "--jwt-keys", _data.File("jwks.json"), "--jwt-per-second", "2"]);
        using var one = With(Token(subject: "one"), engine);
        using var again = With(Token(subject: "one", minutes: 9), engine);
        using var two = With(Token(subject: "two"), engine);

        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
            answers.Add(await (i % 2 == 0 ? one : again).GetAsync("/v1/campaigns"));

        var refused = answers.First(answer => answer.Status == 429);
        Assert.Contains("This subject may send 2 requests a second", refused.Text, StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
        (await two.GetAsync("/v1/campaigns")).Expect(200);
    }

    [Fact]
    public async Task Refusals_AreCounted()
    {
        Assert.Equal(401, await ListAsync("X-Api-Key", "nonsense"));
        using var admin = _keys.For(_engine!.Url, "default", "admin");

        Assert.Matches("flywheel_access_denied_total\\{reason=\"credential\"\\} [1-9]", (await admin.GetAsync("/metrics")).Expect(200).Text);
    }

    private string Token(string issuer = Issuer, string audience = Audience, int? minutes = 5, string? tenant = "acme", string? role = "operate", string? subject = null, SigningCredentials? credentials = null)
    {
        var claims = new Dictionary<string, object>();
        if (tenant is not null)
            claims["tenant"] = tenant;
        if (role is not null)
            claims["role"] = role;
        if (subject is not null)
            claims["sub"] = subject;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = claims,
            Expires = minutes is { } many ? TimeProvider.System.GetUtcNow().AddMinutes(many).UtcDateTime : null,
            SigningCredentials = credentials ?? new(new RsaSecurityKey(_rsa) { KeyId = "k1" }, "RS256"),
        });
    }

    private Api With(string token, Engine? engine = null)
    {
        var api = new Api((engine ?? _engine!).Url);
        api.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return api;
    }

    private async Task<int> ListAsync(string header, string value)
    {
        using var api = new Api(_engine!.Url);
        api.Http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        return (await api.GetAsync("/v1/campaigns")).Status;
    }
}
