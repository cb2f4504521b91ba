using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Flywheel.Silo.Tests.Description;

public sealed partial class ReferenceTests(Engine engine) : EngineTest(engine)
{
    /// <summary>That it starts in a browser under this policy, and asks no other origin, is for the tests of the dashboard.</summary>
    [Fact]
    public async Task Docs_OwnScript_IsTheOneThatItsPolicyAllows()
    {
        var page = (await Api.GetAsync("/docs/")).Expect(200);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));

        var script = Assert.Single(Inline().Matches(page.Text).Select(match => match.Groups[1].Value));
        Assert.Contains($"script-src 'self' 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Text, StringComparison.Ordinal);
        (await Api.GetAsync("/docs/scalar.js")).Expect(200);
    }

    [Theory]
    [InlineData("/v1/campaigns")]
    [InlineData("/health/ready")]
    [InlineData("/v1/nothing")]
    [InlineData("/openapi/v1.json")]
    public async Task Answers_TellBrowsersToDoNothingWithThem(string path)
    {
        var headers = (await Api.GetAsync(path)).Headers;

        Assert.Equal(["nosniff"], headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["default-src 'none'; frame-ancestors 'none'"], headers.GetValues("Content-Security-Policy"));
        Assert.Equal(["no-referrer"], headers.GetValues("Referrer-Policy"));
    }

    [Fact]
    public async Task Answers_ThatFailed_TellThemToo()
    {
        var answer = (await Api.PostAsync("/v1/session", new string(' ', 2_000))).Expect(413);

        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["default-src 'none'; frame-ancestors 'none'"], answer.Headers.GetValues("Content-Security-Policy"));
    }

    [GeneratedRegex("<script type=\"module\">([\\s\\S]*?)</script>")]
    private static partial Regex Inline();
}
