using System.Text.Json;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

public sealed class ImageRuleTests
{
    private const string Rule = "image";

    [Theory]
    [InlineData("")]
    [InlineData("http://example.com/a.jpg")]
    [InlineData("ftp://example.com/a.jpg")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//example.com/a.jpg")]
    [InlineData("/a.jpg")]
    [InlineData("https:example.com/a.jpg")]
    [InlineData("https:///a.jpg")]
    [InlineData("https://localhost/a.jpg")]
    [InlineData("https://LOCALHOST./a.jpg")]
    [InlineData("https://cdn.localhost/a.jpg")]
    [InlineData("https://intranet/a.jpg")]
    [InlineData("https://printer.local/a.jpg")]
    [InlineData("https://metadata.google.internal/a.jpg")]
    [InlineData("https://router.home.arpa/a.jpg")]
    [InlineData("https://127.0.0.1/a.jpg")]
    [InlineData("https://127.1/a.jpg")]
    [InlineData("https://2130706433/a.jpg")]
    [InlineData("https://0x7f000001/a.jpg")]
    [InlineData("https://0177.0.0.1/a.jpg")]
    [InlineData("https://10.1.2.3/a.jpg")]
    [InlineData("https://192.168.0.1/a.jpg")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://8.8.8.8/a.jpg")]
    [InlineData("https://[::1]/a.jpg")]
    [InlineData("https://[fe80::1]/a.jpg")]
    [InlineData("https://[::ffff:10.0.0.1]/a.jpg")]
    [InlineData("https://127.0.0.1.nip.io/a.jpg")]
    [InlineData("https://app-10-0-0-1.sslip.io/a.jpg")]
    [InlineData("https://user:pass@example.com/a.jpg")]
    [InlineData("https://example.com@localhost/a.jpg")]
    [InlineData("https://example.com\\@localhost/a.jpg")]
    [InlineData("https://exa mple.com/a.jpg")]
    [InlineData("https://example.com/a.jpg\n")]
    [InlineData(" https://example.com/a.jpg")]
    [InlineData("https://example.com/\"><script>")]
    [InlineData("https://exаmple.com/a.jpg")]
    [InlineData("https://１２７.0.0.1/a.jpg")]
    [InlineData("https://example。com/a.jpg")]
    public void Check_AnAddressNobodyShouldFetch_IsBlocked(string url) => Check(url, "A shoe on a rock").AssertBlocked(Rule, url);

    [Fact]
    public void Check_AnEndlessAddress_IsBlocked() => Check($"https://example.com/{new string('a', 2_000)}", "A shoe").AssertBlocked(Rule, "2,020 characters");

    [Theory]
    [InlineData("https://example.com/a.jpg")]
    [InlineData("HTTPS://CDN.Example.com/Spring%20Shoes/a.webp?w=1200&v=2#x")]
    [InlineData("https://images.example.co.uk:8443/a")]
    [InlineData("https://localhost.example.com/a.jpg")]
    [InlineData("https://local-shoes.fr/10-0-1.jpg")]
    [InlineData("https://xn--caf-dma.example.com/a.jpg")]
    public void Check_AnHttpsUrlOfAPublicHost_Passes(string url) => Assert.Empty(Check(url, "A shoe on a rock").Of(Rule));

    [Theory]
    [InlineData("""{"alt":"A shoe"}""")]
    [InlineData("""{"url":5,"alt":"A shoe"}""")]
    [InlineData("""{"url":"https://example.com/a.jpg"}""")]
    [InlineData("""{"url":"https://example.com/a.jpg","alt":""}""")]
    [InlineData("""{"url":"https://example.com/a.jpg","alt":"  "}""")]
    [InlineData("""{"url":"https://example.com/a.jpg","alt":"…"}""")]
    [InlineData("""{"url":"https://example.com/a.jpg","alt":7}""")]
    public void Check_AnImageWithoutAddressOrWords_IsBlocked(string content) => Drafts.Check(Drafts.Image, Drafts.Content(content)).AssertBlocked(Rule, content);

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("IMG_2041")]
    public void Check_AFileNameAsAlt_IsWarnedAbout(string alt) => Assert.Equal(FindingSeverity.Warning, Check("https://example.com/a.jpg", alt).Gravest(Rule));

    [Fact]
    public void Check_AUrlInAnotherKindOfSlot_IsHeldToTheSame()
    {
        Drafts.Check(Drafts.Headline, Drafts.Content("""{"text":"Run","url":"http://localhost/"}""")).AssertBlocked(Rule, "http://localhost/");
        Assert.Empty(Drafts.Check(Drafts.Headline, Drafts.Content("""{"text":"Run","url":"https://example.com/"}""")).Of(Rule));
    }

    [Fact]
    public void Check_SizesOfAnImage_PromiseNothing() =>
        Assert.Empty(Drafts.Check(Drafts.Image, Drafts.Content("""{"url":"https://example.com/a.jpg","alt":"A shoe on a rock","width":1200,"height":800}""")));

    private static System.Collections.Immutable.ImmutableArray<Finding> Check(string url, string alt) =>
        Drafts.Check(Drafts.Image, Drafts.Content(JsonSerializer.Serialize(new { url, alt })));
}
