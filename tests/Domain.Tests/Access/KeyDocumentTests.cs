using System.Text;
using Flywheel.Decisions;
using Flywheel.Domain.Access;

namespace Flywheel.Domain.Tests.Access;

public sealed class KeyDocumentTests
{
    [Fact]
    public void ApiKeys_Written_ReadTheSame()
    {
        ApiKey[] keys =
        [
            ApiKeyText.Keep(ApiKeyText.New(), "acme", "serve") with { Name = "Élan", CreatedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1), RequestsPerSecond = 5 },
            ApiKeyText.Keep(ApiKeyText.New(), "default", "admin"),
        ];

        Assert.Equal(keys, ApiKeyDocument.Read(ApiKeyDocument.Write(keys)));
    }

    [Theory]
    [InlineData("", "malformed JSON")]
    [InlineData("[]", "malformed JSON")]
    [InlineData("null", "keys: came nothing")]
    [InlineData("{}", "keys: came nothing")]
    [InlineData("""{"keys":[null]}""", "keys[0].id")]
    [InlineData("""{"keys":[{"id":"a","tenant":"Acme","role":"read","sha256":"HASH"}]}""", "keys[0].tenant: came \"Acme\"")]
    [InlineData("""{"keys":[{"id":"a","tenant":"acme","role":"owner","sha256":"HASH"}]}""", "keys[0].role: came \"owner\"; expected serve, read, operate, admin")]
    [InlineData("""{"keys":[{"id":"a","tenant":"acme","role":"read","sha256":"12"}]}""", "keys[0].sha256")]
    [InlineData("""{"keys":[{"id":"a","tenant":"acme","role":"read","sha256":"HASH","requestsPerSecond":0}]}""", "keys[0].requestsPerSecond: came 0")]
    [InlineData("""{"keys":[{"id":"a","tenant":"acme","role":"read","sha256":"HASH","scope":"all"}]}""", "malformed JSON")]
    [InlineData("""{"keys":[{"id":"a","tenant":"acme","role":"read","sha256":"HASH"},{"id":"b","tenant":"acme","role":"admin","sha256":"HASH"}]}""", "came twice")]
    [InlineData("""{"keys":[{"id":"a","tenant":"acme","role":"read","sha256":"HASH"},{"id":"A","tenant":"default","role":"admin","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]}""", "the id a came twice")]
    public void ApiKeys_ThatAreNone_SayWhy(string json, string message)
    {
        var refused = Assert.Throws<FormatException>(() => ApiKeyDocument.Read(Encoding.UTF8.GetBytes(json.Replace("HASH", new string('a', 64), StringComparison.Ordinal))));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokenKeys_Written_ReadTheSame()
    {
        TokenKeyLine[] keys = [TokenKeyLine.New(null), TokenKeyLine.New(DateTimeOffset.UnixEpoch.AddDays(20_000))];

        var read = TokenKeyDocument.Read(TokenKeyDocument.Write(keys));

        Assert.Equal(keys.Select(key => (key.Id, Convert.ToHexString(key.Key), key.From)), read.Select(key => (key.Id, Convert.ToHexString(key.Key), key.From)));
    }

    [Theory]
    [InlineData("acme", "spring", "acme:spring")]
    [InlineData("default", "spring", "spring")]
    public void Key_OfATenantsCampaign_HasBoth(string tenant, string id, string key)
    {
        Assert.Equal(key, CampaignKeys.Of(tenant, id));
        Assert.Equal(key, CampaignKeys.Write(tenant, Encoding.UTF8.GetBytes(id), new char[CampaignKeys.MaxLength]).ToString());
        Assert.Equal((tenant, id), (CampaignKeys.TenantOf(key).ToString(), CampaignKeys.IdOf(key)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("acme:spring")]
    [InlineData("Spring")]
    [InlineData("é")]
    public void Key_OfWhatIsNoId_IsNone(string id) =>
        Assert.Equal("", CampaignKeys.Write("acme", Encoding.UTF8.GetBytes(id), new char[CampaignKeys.MaxLength]).ToString());
}
