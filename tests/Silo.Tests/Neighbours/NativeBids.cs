using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>Bid requests for native impressions, made of the IAB's examples, and what every answer to one has to be.</summary>
internal static class NativeBids
{
    /// <summary>A campaign that can fill what the examples ask for.</summary>
    public const string Document = """
        {
          "name": "Spring shoes",
          "brief": { "brand": "Aster", "language": "en" },
          "slots": [
            { "id": "headline", "kind": "text", "modules": [ { "id": "h1", "content": { "text": "Run lighter" } },
                                                             { "id": "h2", "content": { "text": "What your knees wish you knew" } } ] },
            { "id": "words", "kind": "text", "modules": [ { "id": "w1", "content": { "text": "Shoes that weigh nothing." } },
                                                          { "id": "w2", "content": { "text": "Free returns for 30 days, and advice by people who run." } } ] },
            { "id": "icon", "kind": "image", "modules": [ { "id": "c1", "content": { "url": "https://cdn.example/icon.png", "w": 80, "h": 80 } } ] },
            { "id": "image", "kind": "image", "modules": [ { "id": "i1", "content": { "url": "https://cdn.example/a.jpg", "w": 1200, "h": 627 } },
                                                           { "id": "i2", "content": { "url": "https://cdn.example/b.jpg" } } ] }
          ],
          "rewards": { "click": 1, "viewable-mrc50": 0.1, "cap": 2 },
          "delivery": { "price": 1.25, "link": "https://aster.example/spring", "categories": ["IAB18-3"] }
        }
        """;

    public static readonly string[] Envelopes = ["simple-banner", "mobile-app", "pmp-direct-deal"];
    public static readonly string[] Natives = ["native-6.1-social", "native-6.2-content", "native-6.3-third-party"];

    public static JsonObject Example(string name) => JsonNode.Parse(File.ReadAllText(Repository.File($"tests/Silo.Tests/Neighbours/Fixtures/openrtb/{name}.json")))!.AsObject();

    /// <summary>An example with a native request in the place of its banner, open to all.</summary>
    /// <param name="asObject">Whether the native request is an object, as some exchanges send it, and not text.</param>
    public static JsonObject Request(string envelope, JsonNode native, bool asObject = false)
    {
        var request = Example(envelope);
        var impression = request["imp"]![0]!.AsObject();
        impression.Remove("banner");
        impression.Remove("pmp");
        impression["native"] = new JsonObject { ["ver"] = "1.2", ["request"] = asObject ? native.DeepClone() : native.ToJsonString() };
        return request;
    }

    /// <summary>A native request of one title and an image to count impressions by.</summary>
    public static JsonObject Title(int length) => new()
    {
        ["ver"] = "1.2",
        ["assets"] = new JsonArray(new JsonObject { ["id"] = 7, ["required"] = 1, ["title"] = new JsonObject { ["len"] = length } }),
        ["eventtrackers"] = new JsonArray(new JsonObject { ["event"] = 1, ["methods"] = new JsonArray(1) }),
    };

    /// <summary>The markup of an answer's only bid.</summary>
    public static JsonNode MarkupOf(JsonNode answer) => JsonNode.Parse(Assert.Single(Assert.Single(answer["seatbid"]!.AsArray())!["bid"]!.AsArray())!["adm"]!.GetValue<string>())!;

    /// <summary>Checks that an answer is one to a request, and that each bid fills all that is required and exceeds nothing.</summary>
    /// <returns>How many bids there are.</returns>
    public static int Check(JsonNode request, JsonNode answer)
    {
        Assert.Equal(request["id"]!.GetValue<string>(), answer["id"]!.GetValue<string>());
        var seats = answer["seatbid"]!.AsArray();
        if (seats.Count == 0)
        {
            Assert.Contains(answer["nbr"]!.GetValue<int>(), (int[])[1, 2, 15]);
            return 0;
        }
        var bids = Assert.Single(seats)!["bid"]!.AsArray();
        Assert.InRange(bids.Count, 1, 8);
        foreach (var bid in bids)
            CheckBid(Assert.Single(request["imp"]!.AsArray(), impression => ReferenceEquals(impression, ImpressionOf(request, bid!)))!, bid!);
        return bids.Count;
    }

    private static JsonNode ImpressionOf(JsonNode request, JsonNode bid) => request["imp"]!.AsArray().First(impression => impression!["id"]!.GetValue<string>() == bid["impid"]!.GetValue<string>() && impression["native"] is not null)!;

    private static void CheckBid(JsonNode impression, JsonNode bid)
    {
        Assert.Equal(1.25m, bid["price"]!.GetValue<decimal>());
        Assert.True(impression["bidfloor"] is not { } floor || floor.GetValue<double>() <= 1.25);
        Assert.Equal(4, bid["mtype"]!.GetValue<int>());
        var request = impression["native"]!["request"] is JsonObject direct ? direct : JsonNode.Parse(impression["native"]!["request"]!.GetValue<string>())!.AsObject();
        var markup = JsonNode.Parse(bid["adm"]!.GetValue<string>())!.AsObject();
        if (request["native"] is JsonObject inner)
            (request, markup) = (inner, markup["native"]!.AsObject());
        Assert.Equal("https://aster.example/spring", markup["link"]!["url"]!.GetValue<string>());
        var asked = request["assets"]!.AsArray().ToDictionary(asset => (int)asset!["id"]!.GetValue<double>(), asset => asset!.AsObject());
        var filled = markup["assets"]!.AsArray().ToDictionary(asset => asset!["id"]!.GetValue<int>(), asset => asset!.AsObject());
        Assert.NotEmpty(filled);
        Assert.All(asked.Where(asset => asset.Value["required"] is JsonValue required && required.GetValue<double>() == 1), asset => Assert.Contains(asset.Key, filled.Keys));
        Assert.All(filled, asset => CheckAsset(asked[asset.Key], asset.Value));
    }

    private static void CheckAsset(JsonObject asked, JsonObject filled)
    {
        var kind = ((string[])["title", "img", "data"]).First(asked.ContainsKey);
        Assert.True(filled.ContainsKey(kind), $"asked for {asked.ToJsonString()}; came {filled.ToJsonString()}");
        if (kind == "img")
        {
            Assert.StartsWith("https://cdn.example/", filled["img"]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
            return;
        }
        var text = filled[kind]![kind == "title" ? "text" : "value"]!.GetValue<string>();
        Assert.NotEmpty(text);
        if (asked[kind]!["len"] is { } longest)
            Assert.True(text.Length <= longest.GetValue<double>(), $"asked for at most {longest}; came \"{text}\"");
    }
}
