using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>Bids for native impressions (OpenRTB 2.6, Native 1.2), with the IAB's example requests.</summary>
public sealed class OpenRtbTests(Engine engine) : EngineTest(engine)
{
    private const string Reason = "x-flywheel-reason";

    private string Bid => $"/openrtb/2.6/bid/{Campaign}";

    public static TheoryData<string, string, bool> Examples => new(
        from envelope in NativeBids.Envelopes from native in NativeBids.Natives from asObject in (bool[])[false, true] select (envelope, native, asObject));

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Bid_ForAnExampleOfTheIab_FillsWhatItAsksFor(string envelope, string native, bool asObject)
    {
        await PutAsync(NativeBids.Document);
        var request = NativeBids.Request(envelope, NativeBids.Example(native), asObject);

        var answer = await Api.PostAsync(Bid, request.ToJsonString());

        Assert.Equal("2.6", Assert.Single(answer.Expect(200).Headers.GetValues("x-openrtb-version")));
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("USD", answer.Json["cur"]!.GetValue<string>());
        Assert.Equal(1, NativeBids.Check(request, answer.Json));
        var bid = answer.Json["seatbid"]![0]!["bid"]![0]!;
        Assert.Equal((Campaign, "en", 3600), (bid["cid"]!.GetValue<string>(), bid["language"]!.GetValue<string>(), bid["exp"]!.GetValue<int>()));
        Assert.Equal(["aster.example", "IAB18-3"], Texts(bid["adomain"]).Concat(Texts(bid["cat"])));
        var markup = NativeBids.MarkupOf(answer.Json);
        // All but the video of 6.2, which nothing fills.
        Assert.Equal([123, 124, 126, 127, 128], markup["assets"]!.AsArray().Select(asset => asset!["id"]!.GetValue<int>()).Order());
        Assert.Equal("Aster", Asset(markup, 126)["data"]!["value"]!.GetValue<string>());
        Assert.Equal(("https://cdn.example/icon.png", 80), (Asset(markup, 124)["img"]!["url"]!.GetValue<string>(), Asset(markup, 124)["img"]!["w"]!.GetValue<int>()));
        // What the examples call eventtrackers is none, so that impressions are tracked as before 1.2.
        Assert.EndsWith(".gif", Assert.Single(Texts(markup["imptrackers"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simple-banner")]
    [InlineData("mobile-app")]
    [InlineData("video")]
    [InlineData("pmp-direct-deal")]
    public async Task Bid_ForAnExampleThatIsNotNative_IsNone(string example)
    {
        await PutAsync(NativeBids.Document);

        await ExpectNoBidAsync(NativeBids.Example(example), "format");
    }

    [Fact]
    public async Task Bid_ThatIsShownAndClicked_IsLearntFrom()
    {
        await PutAsync(NativeBids.Document);
        var native = NativeBids.Title(140);
        native["eventtrackers"] = JsonNode.Parse("""[{"event":1,"methods":[1,2]},{"event":2,"methods":[1]},{"event":3,"methods":[1]}]""");

        var markup = NativeBids.MarkupOf((await Api.PostAsync(Bid, NativeBids.Request("mobile-app", native).ToJsonString())).Expect(200).Json);

        // Of the viewings that may be tracked the one that the campaign rewards.
        Assert.Equal([(1, 1), (2, 1)], markup["eventtrackers"]!.AsArray().Select(tracker => (tracker!["event"]!.GetValue<int>(), tracker["method"]!.GetValue<int>())));
        foreach (var address in markup["eventtrackers"]!.AsArray().Select(tracker => tracker!["url"]!.GetValue<string>()).Concat(Texts(markup["link"]!["clicktrackers"])))
        {
            Assert.StartsWith(Engine.Url.GetLeftPart(UriPartial.Authority), address, StringComparison.Ordinal);
            Assert.Contains((await Api.GetAsync(new Uri(address).PathAndQuery)).Status, (int[])[200, 204]);
            Accepted++;
        }
        var scores = (await Eventually.ReadsAsync(
            () => Api.ScoresAsync(Campaign, "?by=channel"), read => read.Segments.Sum(segment => segment.Reward) > 1.05, "the impression, its viewing and the click", read => read.Segments.Sum(segment => segment.Reward))).Segments;
        var segment = Assert.Single(scores, each => each.Impressions > 0);
        Assert.Equal((1, 1, 1), (segment.Decisions, segment.Impressions, (int)segment.Reward));
        Assert.Contains("\"openrtb\"", (await Api.GetAsync($"{Path}/scores?by=channel")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bid_WhereSomeHeadlinesHaveNoRoom_IsOneThatHas_AndItsPropensityIsExact()
    {
        await PutAsync(NativeBids.Document.Replace("\"rewards\"", "\"policy\":{\"control\":1},\"rewards\"", StringComparison.Ordinal));
        for (var i = 0; i < 40; i++)
        {
            var request = NativeBids.Request("simple-banner", NativeBids.Title(25));
            request["user"] = new JsonObject { ["id"] = $"u-{i}" };
            var markup = NativeBids.MarkupOf((await Api.PostAsync(Bid, request.ToJsonString())).Expect(200).Json);
            Assert.Equal("Run lighter", Asset(markup, 7)["title"]!["text"]!.GetValue<string>());
            (await Api.GetAsync(new Uri(markup["eventtrackers"]![0]!["url"]!.GetValue<string>()).PathAndQuery)).Expect(200);
            Accepted++;
        }
        await SettledAsync(40);

        // One headline of two is left, two texts and two images: a quarter each, served uniformly.
        var log = (await Api.GetAsync($"{Path}/log?format=ndjson")).Expect(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(40, log.Count);
        Assert.All(log, row => Assert.Equal(0.25, row["propensity"]!.GetValue<double>(), 1e-6));
    }

    [Fact]
    public async Task Bid_WhereThePinnedHeadlineHasNoRoom_IsNone()
    {
        await PutAsync(NativeBids.Document);
        (await Api.PostAsync($"{Path}/slots/headline/modules/h2/pin", "")).Expect(200);

        await ExpectNoBidAsync(NativeBids.Request("simple-banner", NativeBids.Title(25)), "fit");
        Assert.Equal("What your knees wish you knew",
            Asset(NativeBids.MarkupOf((await Api.PostAsync(Bid, NativeBids.Request("mobile-app", NativeBids.Title(90)).ToJsonString())).Expect(200).Json), 7)["title"]!["text"]!.GetValue<string>());
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "floor", "bidfloor 1.26", """{"imp":[{"bidfloor":1.26}]}""" },
        { "currency", "a floor in euro", """{"imp":[{"bidfloor":0.1,"bidfloorcur":"EUR"}]}""" },
        { "currency", "bids in euro", """{"cur":["EUR","GBP"]}""" },
        { "advertiser", "the advertiser's domain", """{"badv":["aster.example"]}""" },
        { "advertiser", "the domain above it", """{"badv":["example"]}""" },
        { "category", "the category", """{"bcat":["IAB18-3"]}""" },
        { "category", "the category above it", """{"bcat":["IAB18"]}""" },
        { "category", "others alone", """{"acat":["IAB1"]}""" },
        { "category", "another taxonomy", """{"bcat":["1"],"cattax":7}""" },
        { "language", "other languages", """{"wlang":["fr","de"]}""" },
        { "deal", "named seats", """{"wseat":["a"]}""" },
        { "deal", "deals alone", """{"imp":[{"pmp":{"private_auction":1}}]}""" },
        { "secure", "beacons on https", """{"imp":[{"secure":1}]}""" },
        { "late", "no time", """{"tmax":1}""" },
        { "tracking", "scripts alone", """{"imp":[{"native":{"request":{"assets":[{"id":1,"title":{"len":90}}],"eventtrackers":[{"event":1,"methods":[2]}]}}}]}""" },
        { "asset", "a video", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"video":{}},{"id":2,"title":{"len":90}}]}}}]}""" },
        { "asset", "stars", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"data":{"type":3}}]}}}]}""" },
        { "asset", "a kind that is not known", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"data":{"type":501}}]}}}]}""" },
        { "fit", "a short headline", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"title":{"len":10}}]}}}]}""" },
        { "fit", "a short brand", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"data":{"type":1,"len":4}}]}}}]}""" },
        { "fit", "a large icon", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"img":{"type":1,"wmin":81}}]}}}]}""" },
        { "fit", "an icon of another type", """{"imp":[{"native":{"request":{"assets":[{"id":1,"required":1,"img":{"type":1,"mimes":["image/gif"]}}]}}}]}""" },
        { "invalid", "no JSON", """{"imp":[{"native":{"request":"{"}}]}""" },
        { "invalid", "no assets", """{"imp":[{"native":{"request":{}}}]}""" },
        { "invalid", "a title without a length", """{"imp":[{"native":{"request":{"assets":[{"id":1,"title":{}}]}}}]}""" },
        { "invalid", "an asset without an id", """{"imp":[{"native":{"request":{"assets":[{"title":{"len":90}}]}}}]}""" },
        { "invalid", "the same id twice", """{"imp":[{"native":{"request":{"assets":[{"id":1,"title":{"len":90}},{"id":1,"data":{"type":1}}]}}}]}""" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Bid_ThatMayNotBe_IsNoneAndSaysWhy(string reason, string what, string members)
    {
        await PutAsync(NativeBids.Document);
        var request = NativeBids.Request("simple-banner", NativeBids.Title(90));
        (await Api.PostAsync(Bid, request.ToJsonString())).Expect(200);

        Merge(request, JsonNode.Parse(members)!.AsObject());

        Assert.NotEmpty(what);
        await ExpectNoBidAsync(request, reason);
        Assert.Equal(1, (await SettledAsync(1)).Segments.Sum(segment => segment.Decisions));
    }

    [Theory]
    [InlineData("paused", "{\"price\"", "{\"price\"", "paused")]
    [InlineData("live", "\"delivery\":", "\"policy\":{},\"ignored\":", "delivery")]
    public async Task Bid_OfACampaignThatIsNotOffered_IsNone(string status, string from, string to, string reason)
    {
        var document = NativeBids.Document.Replace(from, to, StringComparison.Ordinal);
        if (reason == "delivery")
            document = document[..document.IndexOf(",\"ignored\"", StringComparison.Ordinal)] + "}";
        await PutAsync(document.Replace("\"name\": \"Spring shoes\"", $"\"status\": \"{status}\"", StringComparison.Ordinal));

        await ExpectNoBidAsync(NativeBids.Request("simple-banner", NativeBids.Title(90)), reason);
    }

    [Theory]
    [InlineData("", "malformed JSON")]
    [InlineData("{", "malformed JSON")]
    [InlineData("[]", "came an array")]
    [InlineData("{}", "id: came nothing")]
    [InlineData("""{"id":"1"}""", "imp: came nothing")]
    [InlineData("""{"id":"1","imp":[]}""", "imp: came 0 items")]
    [InlineData("""{"id":"1","imp":[5]}""", "imp[0]: came 5")]
    [InlineData("""{"id":"1","imp":[{}]}""", "imp[0].id: came nothing")]
    [InlineData("""{"id":1,"imp":[{"id":"1"}]}""", "id: came 1")]
    [InlineData("""{"id":"1","imp":[{"id":"a"},{"id":"b"},{"id":"a"}]}""", "imp: came the id a twice")]
    [InlineData("""{"id":"1","imp":[{"id":"1"}],"tmax":"soon"}""", "tmax: came \"soon\"")]
    [InlineData("""{"id":"1","imp":[{"id":"1"}],"tmax":-1}""", "tmax: came -1")]
    [InlineData("""{"id":"1","imp":[{"id":"1","bidfloor":1e999}]}""", "imp[0].bidfloor: came 1e999")]
    [InlineData("""{"id":"1","imp":[{"id":"1","native":[]}]}""", "imp[0].native: came an array")]
    [InlineData("""{"id":"1","imp":[{"id":"1"}],"badv":["a",5]}""", "badv[1]: came 5")]
    [InlineData("""{"id":"\ud800","imp":[{"id":"1"}]}""", "malformed JSON")]
    [InlineData("""{"id":"1","imp":[{"id":"1"}],"device":{"geo":{"country":"\udc00"}}}""", "malformed JSON")]
    public async Task Request_ThatIsNone_Is400WithoutABodyAndSaysWhatCame(string body, string reason)
    {
        await PutAsync(NativeBids.Document);
        var before = await CountedAsync("invalid");

        var answer = (await Api.PostAsync(Bid, body)).Expect(400);

        Assert.Empty(answer.Bytes);
        Assert.Contains(reason, Assert.Single(answer.Headers.GetValues(Reason)), StringComparison.Ordinal);
        Assert.StartsWith("invalid; ", Assert.Single(answer.Headers.GetValues(Reason)), StringComparison.Ordinal);
        Assert.True(await CountedAsync("invalid") > before);
        Assert.Equal(0, (await SettledAsync(0)).Segments.Sum(segment => segment.Decisions));
    }

    [Fact]
    public async Task Request_OfAnotherVersionOrCampaign_IsRefused()
    {
        await PutAsync(NativeBids.Document);
        using var newer = new HttpRequestMessage { Content = Api.Body(NativeBids.Request("simple-banner", NativeBids.Title(90)).ToJsonString()) };
        newer.Headers.Add("x-openrtb-version", "3.0");

        (await Api.SendAsync(newer, HttpMethod.Post, Bid)).Expect(400);
        (await Api.PostAsync("/openrtb/2.6/bid/nobody", NativeBids.Request("simple-banner", NativeBids.Title(90)).ToJsonString())).ExpectProblem(404);
    }

    [Fact]
    public async Task Gzip_BothWays_IsReadAndSentWhereItIsAskedFor()
    {
        await PutAsync(NativeBids.Document);
        var request = NativeBids.Request("mobile-app", NativeBids.Example("native-6.1-social"));
        using var packed = new HttpRequestMessage { Content = Gzip(Encoding.UTF8.GetBytes(request.ToJsonString())) };
        packed.Headers.Add("Accept-Encoding", "gzip");
        (packed.Method, packed.RequestUri) = (HttpMethod.Post, new Uri(Engine.Url, Bid));
        using var http = new HttpClient();

        using var answer = await http.SendAsync(packed, Cancel);

        Assert.Equal((200, "gzip"), ((int)answer.StatusCode, Assert.Single(answer.Content.Headers.ContentEncoding)));
        await using var unpacked = new GZipStream(await answer.Content.ReadAsStreamAsync(Cancel), CompressionMode.Decompress);
        Assert.Equal(1, NativeBids.Check(request, (await JsonNode.ParseAsync(unpacked, cancellationToken: Cancel))!));
    }

    [Theory]
    [InlineData("zip bomb", 400)]
    [InlineData("no gzip", 400)]
    [InlineData("cut", 400)]
    [InlineData("br", 415)]
    [InlineData("large", 413)]
    public async Task Body_ThatCannotBeUnpacked_IsRefused(string what, int status)
    {
        await PutAsync(NativeBids.Document);
        var plain = Encoding.UTF8.GetBytes(NativeBids.Request("mobile-app", NativeBids.Title(90)).ToJsonString());
        var before = await CountedAsync("invalid");
        using var body = what switch
        {
            "zip bomb" => Gzip(new byte[20_000_000]),
            "cut" => Gzip(plain, cut: true),
            "large" => Api.Body(new byte[100_000]),
            _ => Api.Body(plain),
        };
        if (body.Headers.ContentEncoding.Count == 0 && what != "large")
            body.Headers.ContentEncoding.Add(what == "br" ? "br" : "gzip");

        var answer = (await Api.SendAsync(HttpMethod.Post, Bid, body)).Expect(status);

        Assert.True(status == 415 || answer.Bytes.Length == 0, answer.Text);
        Assert.True(await CountedAsync("invalid") > before);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"device":{"lmt":1}}""", true)]
    [InlineData("""{"device":{"dnt":1}}""", true)]
    [InlineData("""{"regs":{"coppa":1}}""", true)]
    [InlineData("""{"regs":{"gdpr":1}}""", true)]
    [InlineData("""{"regs":{"gdpr":0,"us_privacy":"1YNN","gpp_sid":[-1]}}""", false)]
    [InlineData("""{"regs":{"ext":{"gdpr":1}}}""", true)]
    [InlineData("""{"regs":{"us_privacy":"1YYN"}}""", true)]
    [InlineData("""{"regs":{"gpp":"DBABMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA","gpp_sid":[2]}}""", true)]
    public async Task Unit_OfWhoOptsOut_IsNotTaken(string members, bool isOut)
    {
        await PutAsync(NativeBids.Document.Replace("\"rewards\"", "\"policy\":{\"control\":1},\"rewards\"", StringComparison.Ordinal));
        var request = NativeBids.Request("mobile-app", NativeBids.Title(90));
        Merge(request, JsonNode.Parse(members)!.AsObject());
        var shown = new HashSet<string>();

        for (var i = 0; i < 40; i++)
            shown.Add(Asset(NativeBids.MarkupOf((await Api.PostAsync(Bid, request.ToJsonString())).Expect(200).Json), 7)["title"]!["text"]!.GetValue<string>());

        // Who is known keeps a headline; nobody in particular is drawn for each time, and the same forty times is a chance of 2⁻³⁹.
        Assert.Equal(isOut ? 2 : 1, shown.Count);
    }

    [Fact]
    public async Task Bid_InTestMode_ShowsWhatItWouldAndCountsNothing()
    {
        await PutAsync(NativeBids.Document);
        var request = NativeBids.Request("mobile-app", NativeBids.Title(90));
        request["test"] = 1;

        var answer = (await Api.PostAsync(Bid, request.ToJsonString())).Expect(200);

        Assert.Equal(1, NativeBids.Check(request, answer.Json));
        Assert.DoesNotContain("/v1/b/", answer.Text, StringComparison.Ordinal);
        request.Remove("test");
        var live = NativeBids.MarkupOf((await Api.PostAsync(Bid, request.ToJsonString())).Expect(200).Json);
        Assert.Equal(NativeBids.MarkupOf(answer.Json)["assets"]!.ToJsonString(), live["assets"]!.ToJsonString());
        Assert.Equal(1, (await SettledAsync(1)).Segments.Sum(segment => segment.Decisions));
    }

    [Fact]
    public async Task Bids_ForManyImpressions_AreDecisionsOfTheirOwnUpToEight()
    {
        await PutAsync(NativeBids.Document);
        var request = NativeBids.Request("simple-banner", NativeBids.Title(90));
        var impressions = request["imp"]!.AsArray();
        for (var i = 2; i <= 12; i++)
        {
            var another = impressions[0]!.DeepClone();
            another["id"] = i.ToString(CultureInfo.InvariantCulture);
            if (i == 3)
                another["bidfloor"] = 9;
            impressions.Add(another);
        }

        var answer = (await Api.PostAsync(Bid, request.ToJsonString())).Expect(200).Json;

        Assert.Equal(8, NativeBids.Check(request, answer));
        var bids = answer["seatbid"]![0]!["bid"]!.AsArray();
        Assert.Equal(["1", "2", "4", "5", "6", "7", "8", "9"], bids.Select(bid => bid!["impid"]!.GetValue<string>()));
        Assert.Equal(8, bids.Select(bid => bid!["id"]!.GetValue<string>()).Distinct().Count());
        await SettledAsync(8);
    }

    [Fact]
    public async Task Bid_WithAPublicUrl_HasItsBeaconsThereAndMayBeSecure()
    {
        await using var own = await Engine.StartAsync(args: ["--public-url", "https://ads.example.com/fly"]);
        (await own.Api.PutAsync("/v1/campaigns/spring", NativeBids.Document)).Expect(201);
        var request = NativeBids.Request("simple-banner", NativeBids.Title(90));
        request["imp"]![0]!["secure"] = 1;

        var markup = NativeBids.MarkupOf((await own.Api.PostAsync("/openrtb/2.6/bid/spring", request.ToJsonString())).Expect(200).Json);

        Assert.StartsWith("https://ads.example.com/fly/v1/b/impression/", markup["eventtrackers"]![0]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("https://ads.example.com/fly/v1/b/click/", Assert.Single(Texts(markup["link"]!["clicktrackers"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bid_ForARequestBefore11_IsWrappedAsItIs()
    {
        await PutAsync(NativeBids.Document);
        var native = NativeBids.Title(90);
        (native["ver"], var _) = ("1.0", native.Remove("eventtrackers"));

        var markup = NativeBids.MarkupOf((await Api.PostAsync(Bid, NativeBids.Request("simple-banner", new JsonObject { ["native"] = native }).ToJsonString())).Expect(200).Json);

        Assert.Equal("1.0", markup["native"]!["ver"]!.GetValue<string>());
        Assert.Single(Texts(markup["native"]!["imptrackers"]));
    }

    [Fact]
    public async Task Segment_OfABid_IsFoundByWhereItIsShown()
    {
        await PutAsync(NativeBids.Document.Replace("\"rewards\"", """ "segments":[{"id":"weather","match":{"app":"12345","os":"iOS","deviceType":1,"placement":["agltb3B1Yi1pbmNyDQsSBFNpdGUY7fD0FAw"]}}],"rewards" """, StringComparison.Ordinal));
        (await Api.PostAsync(Bid, NativeBids.Request("mobile-app", NativeBids.Title(90)).ToJsonString())).Expect(200);

        Assert.Equal(1, Assert.Single((await SettledAsync(1)).Segments, segment => segment.Id == "weather").Decisions);
    }

    private async Task ExpectNoBidAsync(JsonObject request, string reason)
    {
        var before = await CountedAsync(reason);

        var answer = await Api.PostAsync(Bid, request.ToJsonString());

        Assert.StartsWith(reason, Assert.Single(answer.Headers.GetValues(Reason)), StringComparison.Ordinal);
        if (reason is "late" or "invalid")
            Assert.Equal((reason == "late" ? 15 : 2, 0), (answer.Expect(200).Json["nbr"]!.GetValue<int>(), NativeBids.Check(request, answer.Json)));
        else
            Assert.Empty(answer.Expect(204).Bytes);
        Assert.True(await CountedAsync(reason) > before);
    }

    private async Task<double> CountedAsync(string outcome)
    {
        var line = (await Api.GetAsync("/metrics")).Expect(200).Text.Split('\n').Single(each => each.StartsWith($"flywheel_openrtb_requests_total{{outcome=\"{outcome}\"}}", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Puts members over those of a request; an item of an array over that at its place.</summary>
    private static void Merge(JsonObject into, JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            if (value is JsonObject inner && into[name] is JsonObject there)
                Merge(there, inner);
            else if (name == "imp")
                Merge(into[name]![0]!.AsObject(), value![0]!.AsObject());
            else
                into[name] = value?.DeepClone();
        }
    }

    private static HttpContent Gzip(byte[] plain, bool cut = false)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(plain);
        var bytes = packed.ToArray();
        var body = Api.Body(cut ? bytes[..(bytes.Length / 2)] : bytes);
        body.Headers.ContentEncoding.Add("gzip");
        return body;
    }

    private static JsonNode Asset(JsonNode markup, int id) => markup["assets"]!.AsArray().Single(asset => asset!["id"]!.GetValue<int>() == id)!;

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(text => text!.GetValue<string>());
}
