using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Campaigns;

public sealed class ModuleContentTests
{
    [Theory]
    [InlineData("""{"text":"a","alt":"b"}""", """{ "alt" : "b",  "text":"a" }""")]
    [InlineData("""{"x":{"a":1,"b":[{"c":2,"d":3}]}}""", """{"x":{"b":[{"d":3,"c":2}],"a":1}}""")]
    [InlineData("""{"text":"A"}""", """{"\u0074ext":"\u0041"}""")]
    [InlineData("{}", "{ }")]
    public void Equals_SameMembersInAnotherForm_IsTrue(string left, string right)
    {
        Assert.Equal(Parse(left), Parse(right));
        Assert.Equal(Parse(left).GetHashCode(), Parse(right).GetHashCode());
    }

    [Theory]
    [InlineData("""{"text":"a"}""", """{"text":"b"}""")]
    [InlineData("""{"text":"a"}""", """{"text":"a","alt":null}""")]
    [InlineData("""{"list":[1,2]}""", """{"list":[2,1]}""")]
    [InlineData("""{"value":"1"}""", """{"value":1}""")]
    [InlineData("""{"a":{"b":1},"c":2}""", """{"a":{"b":1,"c":2}}""")]
    public void Equals_OtherMembers_IsFalse(string left, string right) => Assert.NotEqual(Parse(left), Parse(right));

    [Fact]
    public void Json_OfReorderedContent_KeepsTheWritersOrderAndLetters() =>
        Assert.Equal("""{"text":"déjà — 素","alt":"\u003Cb\u003E","n":1.50}""", Parse("""{ "text": "d\u00e9jà — 素", "alt": "<b>", "n": 1.50 }""").Json);

    [Fact]
    public void Serialize_AndBack_IsTheSameContent()
    {
        var content = Parse("""{"text":"Run lighter","nested":{"b":1,"a":[true,null]}}""");

        var back = JsonSerializer.Deserialize<ModuleContent>(JsonSerializer.Serialize(content))!;

        Assert.Equal((content.Json, content.Hash), (back.Json, back.Hash));
    }

    [Fact]
    public void Hash_OfStoredContent_NeverChanges()
    {
        Assert.Equal(0x2B23616CEF35B43BUL, Parse("""{"text":"Run lighter"}""").Hash);
        Assert.Equal(Parse("{}").Hash, ModuleContent.Empty.Hash);
    }

    [Fact]
    public void From_AnythingButAnObject_Throws() => Assert.Throws<ArgumentException>(() => Parse("[]"));

    [Theory]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    public void From_TextThatIsNoUnicode_SaysSo(string json)
    {
        Assert.Null(ModuleContent.TryFrom(JsonElement.Parse(json)));
        Assert.Contains("Unicode", Assert.Throws<ArgumentException>(() => Parse(json)).Message, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ModuleContent>(json));
    }

    private static ModuleContent Parse(string json) => ModuleContent.From(JsonElement.Parse(json));
}
