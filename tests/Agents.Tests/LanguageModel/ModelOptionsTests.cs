using System.Text.Json;
using Flywheel.Agents.LanguageModel;

namespace Flywheel.Agents.Tests.LanguageModel;

public sealed class ModelOptionsTests
{
    private const string Key = "sk-test-5f3c9a";

    private static readonly ModelOptions Valid = new() { Url = new Uri("http://127.0.0.1:9000/v1"), Model = "m", ApiKey = Key };

    [Fact]
    public void Key_InTextAndJson_DoesNotShow()
    {
        Assert.DoesNotContain(Key, Valid.ToString(), StringComparison.Ordinal);
        Assert.Contains("ApiKey = set", Valid.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, JsonSerializer.Serialize(Valid), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ThatIsNoHeaderText_IsRefusedWithoutBeingQuoted() =>
        Assert.DoesNotContain("é", Assert.Throws<ArgumentException>(() => Valid with { ApiKey = "clé" }).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ftp://127.0.0.1/v1")]
    [InlineData("http://user:secret@127.0.0.1/v1")]
    [InlineData("http://127.0.0.1/v1?key=secret")]
    [InlineData("http://127.0.0.1/v1#x")]
    [InlineData("/v1")]
    public void Url_OfAnotherForm_IsRefusedWithoutBeingQuoted(string url)
    {
        var thrown = Assert.Throws<ArgumentException>(() => Valid with { Url = new Uri(url, UriKind.RelativeOrAbsolute) });

        Assert.Contains("absolute http or https address", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_OutOfBounds_AreRefusedByName()
    {
        Assert.StartsWith("Retries: came 6; expected 0 to 5", Assert.Throws<ArgumentException>(() => Valid with { Retries = 6 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("MaxConcurrent", Assert.Throws<ArgumentException>(() => Valid with { MaxConcurrent = 0 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("Timeout", Assert.Throws<ArgumentException>(() => Valid with { Timeout = TimeSpan.Zero }).Message, StringComparison.Ordinal);
        Assert.StartsWith("InputPrice", Assert.Throws<ArgumentException>(() => Valid with { InputPrice = -1 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("MaxAnswerBytes", Assert.Throws<ArgumentException>(() => Valid with { MaxAnswerBytes = int.MaxValue }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoint_WhereAKeyWouldCrossTheNetworkInTheClear_IsRefused()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new ModelEndpoint(Valid with { Url = new Uri("http://models.example/v1") }));

        Assert.StartsWith("Url: came http with a key; expected https", thrown.Message, StringComparison.Ordinal);
        new ModelEndpoint(Valid with { Url = new Uri("http://models.example/v1"), ApiKey = null }).Dispose();
        new ModelEndpoint(Valid with { Url = new Uri("https://models.example/v1") }).Dispose();
    }

    [Fact]
    public void Endpoint_WhereAnAttemptMayTakeLongerThanAll_IsRefused() =>
        Assert.StartsWith("AttemptTimeout", Assert.Throws<ArgumentException>(() => new ModelEndpoint(Valid with { Timeout = TimeSpan.FromSeconds(1) })).Message, StringComparison.Ordinal);
}
