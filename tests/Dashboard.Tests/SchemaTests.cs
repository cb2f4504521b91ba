using System.Text.Json.Nodes;

namespace Flywheel.Dashboard.Tests;

/// <summary>The types of the dashboard come from a description of the API that is checked in.</summary>
public sealed class SchemaTests(Site site)
{
    [Fact]
    public async Task Description_CheckedIn_IsWhatTheEngineAnswers()
    {
        var live = (await site.Api.GetAsync("/openapi/v1.json")).Expect(200).Json.AsObject();
        live.Remove("servers");
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Flywheel.sln")))
            folder = folder.Parent;
        var checkedIn = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder!.FullName, "src/Dashboard/openapi.json"), TestContext.Current.CancellationToken));
        Assert.True(JsonNode.DeepEquals(checkedIn, live), "The API's description has changed: src/Dashboard/types.sh takes it over.");
    }
}
