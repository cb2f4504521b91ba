using System.Text.Json.Nodes;
using Flywheel.Silo.Api.Messaging;

namespace Flywheel.Silo.Tests.Messaging;

public sealed class HistoryTests(Engine engine) : EngineTest(engine)
{
    public override async ValueTask InitializeAsync()
    {
        await PutAsync(Description.Documents.Everything);
        (await Api.PostAsync($"{Path}/slots/headline/modules/h1/stop", "")).Expect(200);
        (await Api.PostAsync($"{Path}/slots/headline/modules/h1/resume", "")).Expect(200);
        (await Api.PatchAsync(Path, """{"status":"paused"}""")).Expect(200);
        (await Api.PatchAsync(Path, """{"status":"live"}""")).Expect(200);
    }

    [Theory]
    [InlineData("kind=status", "status,status")]
    [InlineData("slot=headline", "resumed,stopped")]
    [InlineData("module=h1&kind=stopped", "stopped")]
    [InlineData("actor=agents", "")]
    [InlineData("to=2020-01-01T00:00:00Z", "")]
    [InlineData("from=2020-01-01T00:00:00Z&limit=2", "status,status")]
    public async Task History_Filtered_HasThoseAlone(string query, string kinds) => Assert.Equal(kinds, string.Join(',', KindsOf(await Api.GetAsync($"{Path}/history?{query}"))));

    [Fact]
    public async Task History_AsJson_IsTheWholeOfIt()
    {
        var all = await Api.GetAsync($"{Path}/history?format=json");

        Assert.Equal(KindsOf(await Api.GetAsync($"{Path}/history")), KindsOf(all));
        Assert.Equal(["status", "status", "resumed", "stopped", "created"], KindsOf(all).Where(kind => kind is not "added"));
    }

    [Fact]
    public async Task History_AsCsv_HasARowForEachEntry()
    {
        using var response = await Api.Http.GetAsync(new Uri($"{Path}/history?format=csv&slot=headline", UriKind.Relative), Cancel);

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"attachment; filename=\"{Campaign}-history.csv\"", response.Content.Headers.ContentDisposition!.ToString());
        var lines = (await response.Content.ReadAsStringAsync(Cancel)).Split("\r\n");
        Assert.StartsWith("number,at,actor,kind,", lines[0], StringComparison.Ordinal);
        Assert.Equal(4, lines.Length);
        Assert.Contains(",person,resumed,,,headline,h1,", lines[1], StringComparison.Ordinal);
        Assert.Equal("", lines[^1]);
    }

    /// <summary>A member that the API gets has its column.</summary>
    [Fact]
    public async Task History_AsCsv_HasAColumnForEachMember()
    {
        var header = (await Api.GetAsync($"{Path}/history?format=csv")).Expect(200).Text.Split("\r\n")[0].Split(',');

        Assert.Equal(typeof(Flywheel.Client.HistoryEntry).GetProperties().Select(member => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.Name)).Order(), header.Order());
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-2", "'-2")]
    [InlineData("+2,5", "\"'+2,5\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("plain", "plain")]
    public void Cell_Text_IsQuotedAndNoFormula(string text, string cell) => Assert.Equal(cell, HistoryCsv.Cell(JsonValue.Create(text)));

    [Theory]
    [InlineData("format=xml", "format")]
    [InlineData("kind=nothing", "kind")]
    [InlineData("actor=nobody", "actor")]
    [InlineData("from=monday", "from")]
    [InlineData("limit=0", "limit")]
    public async Task History_OfWhatIsNotThere_SaysWhatWouldBeRight(string query, string field) => (await Api.GetAsync($"{Path}/history?{query}")).ExpectFieldError(field);

    private static List<string> KindsOf(Answer answer) => [.. answer.Expect(200).Json["entries"]!.AsArray().Select(entry => entry!["kind"]!.GetValue<string>())];
}
