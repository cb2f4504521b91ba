using System.Text.Json.Nodes;
using Flywheel.Client;

// An ad server that decides in its own process: no call to the engine stands between a visitor and an answer.
const string Shoes = "shoes";

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = "pages" });
builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, builder.Configuration["urls"] ?? "http://127.0.0.1:8090");
var engine = new Uri(builder.Configuration["engine"] ?? "http://127.0.0.1:8080");

using var http = new HttpClient { BaseAddress = engine };
if (Environment.GetEnvironmentVariable("FLYWHEEL_KEY") is { Length: > 0 } key)
    http.DefaultRequestHeaders.Authorization = new("Bearer", key);
await using var client = new FlywheelClient(http);
try
{
    if (await client.GetCampaignAsync(Shoes) is null)
        await client.PutCampaignAsync(Shoes, Campaign());
}
catch (FlywheelException e)
{
    Console.Error.WriteLine($"AdServer: {engine}: {e.Message}");
    return 1;
}
await using var decider = await client.OpenLocalAsync(Shoes);

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/ad", (string? user, int? age) =>
{
    if (string.IsNullOrEmpty(user))
        return Results.Problem("user: came nothing; expected who sees the ad, as in /ad?user=u-1&age=24", statusCode: 400);
    var decision = decider.Decide(unit: user, context: new JsonObject { ["age"] = age, ["channel"] = "web" });
    // Paused, or nothing heard yet: the visitor still gets an ad, one that nobody learns from.
    return decision is null
        ? Results.Ok(new Ad("Run lighter", "Shop now", null))
        : Results.Ok(new Ad(decision.Variant["headline"].Content["text"], decision.Variant["cta"].Content["text"], decision.DecisionId is { } id ? Beacon(id) : null));
});
await app.RunAsync();
return 0;

// What the page sends when the ad is seen or clicked; "TYPE" is which of the two.
string Beacon(string decision) => new Uri(engine, $"/v1/b/TYPE/{decision}").ToString();

static Campaign Campaign() => new()
{
    Name = "Spring shoes",
    Slots =
    [
        new Slot("headline", [Module.Text("light", "Run lighter"), Module.Text("knees", "What your knees wish you knew")]),
        new Slot("cta", [Module.Text("shop", "Shop now"), Module.Text("try", "Try both sizes")]),
    ],
    Segments = [new Segment("young", new JsonObject { ["age"] = new JsonObject { ["lt"] = 30 } })],
};

/// <param name="Headline">What to say.</param>
/// <param name="Action">What the button says.</param>
/// <param name="Beacon">Where to say what happened; null where nobody counts it.</param>
internal sealed record Ad(string Headline, string Action, string? Beacon);
