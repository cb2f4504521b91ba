using System.Net;
using System.Text.Json.Nodes;

namespace Flywheel.Client.Tests.Campaigns;

public sealed class CampaignTests : ClientTest
{
    private const string Document =
        """{"name":"Spring","status":"live","brief":{"brand":"Aster","tone":["warm"],"language":"fr"}"""
        + ""","slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"Run lighter"},"attributes":{"angle":"benefit"}}]"""
        + ""","kind":"text","maxLength":90}],"segments":[{"id":"young","match":{"age":{"lt":30},"city":["Paris","Lyon"]}}]"""
        + ""","rewards":{"click":1,"order":{"perValue":0.1},"sale":{"weight":1,"perValue":0.05},"cap":2.5},"policy":{"control":0.05,"attributionWindow":"01:00:00"}"""
        + ""","governance":{"mode":"approve","proposalsPerDay":20,"auto":{"slots":["headline"],"risk":"none","share":0.05}},"delivery":{"price":1.2,"link":"https://aster.example/spring","domains":["aster.example"]},"simulation":true}""";

    private static readonly Dictionary<string, string> Angle = new() { ["angle"] = "benefit" };

    [Fact]
    public async Task PutCampaignAsync_NullMembers_AreNotWritten()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.Created, "{}").Answers(HttpStatusCode.OK, "{}");
        var campaign = new Campaign
        {
            Name = "Spring",
            Status = "live",
            Brief = new Brief { Brand = "Aster", Tone = ["warm"], Language = "fr" },
            Slots =
            [
                new Slot("headline", [Module.Text("h1", "Run lighter") with { Attributes = Angle }])
                {
                    Kind = "text",
                    MaxLength = 90,
                },
            ],
            Segments =
            [
                new Segment("young", new JsonObject
                {
                    ["age"] = new JsonObject { ["lt"] = 30 },
                    ["city"] = new JsonArray("Paris", "Lyon"),
                }),
            ],
            Rewards = new Dictionary<string, Reward>
            {
                ["click"] = 1,
                ["order"] = new Reward { PerValue = 0.1 },
                ["sale"] = new Reward { Weight = 1, PerValue = 0.05 },
                ["cap"] = 2.5,
            },
            Policy = new Policy { Control = 0.05, AttributionWindow = TimeSpan.FromHours(1) },
            Governance = new Governance { Mode = "approve", ProposalsPerDay = 20, Auto = new AutoLimits { Slots = ["headline"], Risk = "none", Share = 0.05 } },
            Delivery = new DeliveryTerms(1.2m, "https://aster.example/spring") { Domains = ["aster.example"] },
            Simulation = true,
        };

        Assert.True(await client.PutCampaignAsync("spring", campaign, TestContext.Current.CancellationToken));
        Assert.False(await client.PutCampaignAsync("spring", campaign, TestContext.Current.CancellationToken));

        var request = await Engine.NextRequestAsync();
        Assert.Equal(("PUT", "/v1/campaigns/spring", Document), (request.Method, request.Path, request.Body));
    }

    [Fact]
    public async Task GetCampaignAsync_Known_ReadsWhatPutWrites()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.OK, Document).Answers(HttpStatusCode.OK, "{}");

        var campaign = await client.GetCampaignAsync("spring", TestContext.Current.CancellationToken);
        await client.PutCampaignAsync("spring", campaign!, TestContext.Current.CancellationToken);

        await Engine.NextRequestAsync();
        Assert.Equal(Document, (await Engine.NextRequestAsync()).Body);
    }

    [Fact]
    public async Task GetCampaignAsync_Unknown_ReturnsNull()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.NotFound);

        Assert.Null(await client.GetCampaignAsync("spring", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DeleteCampaignAsync_Unknown_ReturnsFalse()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.NoContent).Answers(HttpStatusCode.NotFound);

        Assert.True(await client.DeleteCampaignAsync("spring", TestContext.Current.CancellationToken));
        Assert.False(await client.DeleteCampaignAsync("spring", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ListCampaignsAsync_Some_ReturnsThem()
    {
        var client = Client();
        Engine.Answers(
            HttpStatusCode.OK,
            """{"campaigns":[{"id":"spring","name":"Spring","status":"live"},{"id":"fall","status":"paused"}]}""");

        Assert.Equal(
            [new CampaignSummary("spring", "Spring", "live"), new CampaignSummary("fall", null, "paused")],
            await client.ListCampaignsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SetStatusAsync_Paused_PatchesTheStatus()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.OK, "{}");

        await client.SetStatusAsync("spring", "paused", TestContext.Current.CancellationToken);

        var request = await Engine.NextRequestAsync();
        Assert.Equal(("PATCH", """{"status":"paused"}"""), (request.Method, request.Body));
    }
}
