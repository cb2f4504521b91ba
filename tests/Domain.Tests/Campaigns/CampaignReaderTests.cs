using System.Text;
using System.Text.Json;
using CsCheck;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using static Flywheel.Domain.Tests.Campaigns.Documents;

namespace Flywheel.Domain.Tests.Campaigns;

public sealed class CampaignReaderTests
{
    private const string Price = "the price of a thousand impressions, more than 0 to 10,000 with at most 6 decimals";
    private const string Link = "where a click leads, an absolute http or https address of at most 2000 characters";

    [Fact]
    public void Read_ContractExample_HoldsEveryPart()
    {
        var campaign = Documents.Read(Contract);

        Assert.Equal(("Spring shoes", CampaignStatus.Live, false), (campaign.Name, campaign.Status, campaign.Simulation));
        Assert.Equal(("Aster", "first orders", "fr"), (campaign.Brief!.Brand, campaign.Brief.Objective, campaign.Brief.Language));
        Assert.Equal([.. campaign.Brief.Tone, .. campaign.Brief.MustSay, .. campaign.Brief.NeverSay, .. campaign.Brief.Claims], ["warm", "guaranteed", "free returns for 30 days"]);
        Assert.Equal([("headline", "text", 90), ("image", "image", null)], campaign.Slots.Select(slot => (slot.Id, slot.Kind, slot.MaxLength)));
        Assert.Equal(["h1 {\"text\":\"Run lighter\"} benefit", "h2 {\"text\":\"What your knees wish you knew\"} curiosity"],
            campaign.Slots[0].Modules.Select(module => $"{module.Id} {module.Content.Json} {module.Attributes["angle"]}"));
        Assert.Equal(["young-urban", "default"], campaign.SegmentIds());
        Assert.Equal([("age", ConditionOperator.Lt, 1), ("city", ConditionOperator.In, 2)], campaign.Segments[0].Match.Select(c => (c.Member, c.Operator, c.Values.Length)));
        Assert.Equal([("click", 1_000_000), ("conversion", 5_000_000)], campaign.Rewards.WeightsMicros.Select(weight => (weight.Key, weight.Value)));
        Assert.Equal(new PolicySettings { Control = 0.05, MinPropensity = 0, AttributionWindow = TimeSpan.FromHours(1) }, campaign.Policy);
        Assert.Equal(new Domain.Campaigns.Governance { Mode = GovernanceMode.Approve, MaxModulesPerSlot = 8, ChallengerShare = 0.1, ProposalsPerDay = 20 }, campaign.Governance);
    }

    [Fact]
    public void Read_SlotsAlone_TakesTheDefaults()
    {
        var campaign = Documents.Read("""{"slots":[{"id":"s","modules":[{"id":"a"}]}]}""");

        Assert.Equal((null, CampaignStatus.Live, null, null), (campaign.Name, campaign.Status, campaign.Brief, campaign.Governance));
        Assert.Equal(Rewards.Default, campaign.Rewards);
        Assert.Equal(new PolicySettings { Control = 0.05, MinPropensity = 0, AttributionWindow = TimeSpan.FromHours(1) }, campaign.Policy);
        Assert.Equal(ModuleContent.Empty, campaign.Slots[0].Modules[0].Content);
        Assert.Equal(["default"], campaign.SegmentIds());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Read_NameThatIsBlank_IsNone(string name) =>
        Assert.Null(Documents.Read($$"""{"name":"{{name}}","slots":[{"id":"s","modules":[{"id":"a"}]}]}""").Name);

    [Fact]
    public void Read_WhatWriteWrote_IsTheSameCampaign() => CampaignGen.Any.ForAll(300, campaign =>
    {
        var written = CampaignWriter.Write(Id, campaign);
        var read = CampaignReader.Read(Id, written, out var errors);

        Assert.Empty(errors);
        Assert.Equivalent(campaign, read, strict: true);
        Assert.Equal(written, CampaignWriter.Write(Id, read!));
    });

    [Fact]
    public void Serialize_AndBack_IsTheSameCampaign() => CampaignGen.Any.ForAll(50, campaign =>
        Assert.Equivalent(campaign, JsonSerializer.Deserialize<Campaign>(JsonSerializer.Serialize(campaign)), strict: true));

    [Fact]
    public void Deserialize_StoredCampaignThatIsInvalid_SaysWhatIsWrong()
    {
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Campaign>("""{"slots":[]}"""));

        Assert.Contains("slots: came 0 items; expected 1 to 8", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "[]", "came an array; expected an object" },
        { "{}", "slots: came nothing; expected an array of 1 to 8" },
        { """{"slots":{}}""", "slots: came an object; expected an array" },
        { """{"slots":[]}""", "slots: came 0 items; expected 1 to 8" },
        { """{"slots":[7]}""", "slots[0]: came 7; expected an object" },
        { With("\"id\":\"summer\""), "id: came \"summer\"; expected \"spring\", as in the path, or no id" },
        { With("\"id\":5"), "id: came 5; expected \"spring\", as in the path, or no id" },
        { With("\"nmae\":\"x\""), "nmae: came an unknown member; expected id, name, status, simulation, brief, slots, segments, rewards, policy, governance, delivery" },
        { With("\"name\":5"), "name: came 5; expected text" },
        { With("\"name\":null"), "name: came null; expected text" },
        { With($"\"name\":\"{new string('x', 201)}\""), "name: came 201 characters; expected at most 200" },
        { With("\"status\":\"gone\""), "status: came \"gone\"; expected live or paused" },
        { With("\"simulation\":\"yes\""), "simulation: came \"yes\"; expected true or false" },
        { With("\"brief\":[]"), "brief: came an array; expected an object" },
        { With("\"brief\":{\"tones\":[]}"), "brief.tones: came an unknown member; expected brand, objective, tone, language, mustSay, neverSay, claims" },
        { With("\"brief\":{\"tone\":\"warm\"}"), "brief.tone: came \"warm\"; expected an array" },
        { With("\"brief\":{\"claims\":[\"a\",5]}"), "brief.claims[1]: came 5; expected text" },
        { With($"\"brief\":{{\"mustSay\":[{Repeat(65, _ => "\"a\"")}]}}"), "brief.mustSay: came 65 items; expected 0 to 64" },
        { With($"\"brief\":{{\"objective\":\"{new string('x', 2_001)}\"}}"), "brief.objective: came 2001 characters; expected at most 2000" },
        { With($"\"brief\":{{\"language\":\"{new string('x', 36)}\"}}"), "brief.language: came 36 characters; expected at most 35" },
        { Slot("\"modules\":[]"), "slots[0].modules: came 0 items; expected 1 to 32" },
        { Slot("\"kind\":\"text\""), "slots[0].modules: came nothing; expected an array of 1 to 32" },
        { Slot($"\"modules\":[{Repeat(200, i => $"{{\"id\":\"m{i}\"}}")}]"), "slots[0].modules: came 200 items; expected 1 to 32" },
        { Slot("\"size\":3,\"modules\":[{\"id\":\"a\"}]"), "slots[0].size: came an unknown member; expected id, kind, maxLength, modules" },
        { Slot("\"kind\":\"My Kind\",\"modules\":[{\"id\":\"a\"}]"), "slots[0].kind: came \"My Kind\"; expected text, image, or a kind of your own in [a-z0-9-]{1,64}" },
        { Slot("\"maxLength\":0,\"modules\":[{\"id\":\"a\"}]"), "slots[0].maxLength: came 0; expected a whole number from 1 to 2000" },
        { Slot("\"maxLength\":1.5,\"modules\":[{\"id\":\"a\"}]"), "slots[0].maxLength: came 1.5; expected a whole number from 1 to 2000" },
        { Slot("\"modules\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}]"), "slots[0].modules[2].id: came \"a\" again; expected an id of its own (slots[0].modules[0] has this one)" },
        { """{"slots":[{"modules":[{"id":"a"}]}]}""", "slots[0].id: came nothing; expected [a-z0-9-]{1,64}" },
        { """{"slots":[{"id":"Head","modules":[{"id":"a"}]}]}""", "slots[0].id: came \"Head\"; expected [a-z0-9-]{1,64}" },
        { $$"""{"slots":[{"id":"{{new string('x', 65)}}","modules":[{"id":"a"}]}]}""", $"slots[0].id: came \"{new string('x', 65)}\"; expected [a-z0-9-]{{1,64}}" },
        { """{"slots":[{"id":"s","modules":[{"id":"a"}]},{"id":"s","modules":[{"id":"a"}]}]}""", "slots[1].id: came \"s\" again; expected an id of its own (slots[0] has this one)" },
        { $"{{\"slots\":[{Repeat(9, i => $"{{\"id\":\"s{i}\",\"modules\":[{{\"id\":\"a\"}}]}}")}]}}", "slots: came 9 items; expected 1 to 8" },
        { Grid(5, 32), "slots: came 33554432 combinations; expected at most 16777216 (the product of the modules of all slots)" },
        { Module("\"text\":\"x\""), "slots[0].modules[0].text: came an unknown member; expected id, content, attributes" },
        { Module("\"content\":\"x\""), "slots[0].modules[0].content: came \"x\"; expected an object" },
        { Module("\"content\":{}", "\"kind\":\"text\","), "slots[0].modules[0].content.text: came nothing; expected text (the slot's kind is text)" },
        { Module("\"content\":{\"text\":\"\"}", "\"kind\":\"text\","), "slots[0].modules[0].content.text: came \"\"; expected text (the slot's kind is text)" },
        { Module("\"content\":{\"url\":5}", "\"kind\":\"image\","), "slots[0].modules[0].content.url: came 5; expected text (the slot's kind is image)" },
        { Module("\"attributes\":{}", "\"kind\":\"image\","), "slots[0].modules[0].content.url: came nothing; expected text (the slot's kind is image)" },
        { Module("\"content\":{\"text\":\"abcdef\"}", "\"maxLength\":5,"), "slots[0].modules[0].content.text: came 6 characters; expected at most 5 (the slot's maxLength)" },
        { Module($"\"content\":{{\"x\":\"{new string('x', 8_185)}\"}}"), "slots[0].modules[0].content: came 8193 bytes; expected at most 8192" },
        { Module("\"attributes\":[]"), "slots[0].modules[0].attributes: came an array; expected an object of texts" },
        { Module("\"attributes\":{\"angle\":5}"), "slots[0].modules[0].attributes.angle: came 5; expected text of at most 200 characters" },
        { Module($"\"attributes\":{{{Repeat(17, i => $"\"a{i}\":\"x\"")}}}"), "slots[0].modules[0].attributes: came 17 attributes; expected at most 16" },
        { With("\"segments\":{}"), "segments: came an object; expected an array" },
        { With($"\"segments\":[{Repeat(1_001, i => $"{{\"id\":\"s{i}\"}}")}]"), "segments: came 1001 items; expected 0 to 1000" },
        { With("\"segments\":[{\"id\":\"default\"}]"), "segments[0].id: came \"default\"; expected another id: default is always there, for whom no rule matches" },
        { With("\"segments\":[{\"id\":\"a\"},{\"id\":\"a\"}]"), "segments[1].id: came \"a\" again; expected an id of its own (segments[0] has this one)" },
        { With("\"segments\":[{\"id\":\"a\",\"rules\":{}}]"), "segments[0].rules: came an unknown member; expected id, match" },
        { Match("[]"), "segments[0].match: came an array; expected an object of conditions" },
        { Match("{\"age\":null}"), "segments[0].match.age: came null; expected a value, a list of values, or {\"lt\":30}" },
        { Match("{\"age\":{\"below\":30}}"), "segments[0].match.age.below: came an unknown comparison; expected lt, lte, gt, gte, eq, ne or in" },
        { Match("{\"age\":{\"lt\":\"30\"}}"), "segments[0].match.age.lt: came \"30\"; expected a number" },
        { Match("{\"age\":{\"eq\":[]}}"), "segments[0].match.age.eq: came an array; expected text, a number, true or false" },
        { Match("{\"city\":[]}"), "segments[0].match.city: came 0 values; expected a list of 1 to 256 values" },
        { Match("{\"city\":{\"in\":\"Paris\"}}"), "segments[0].match.city.in: came \"Paris\"; expected a list of 1 to 256 values" },
        { Match($"{{\"city\":[{Repeat(257, i => $"{i}")}]}}"), "segments[0].match.city: came 257 values; expected a list of 1 to 256 values" },
        { Match("{\"city\":[\"Paris\",null]}"), "segments[0].match.city: came a list with an object, an array or null in it; expected text, numbers, true or false" },
        { Match($"{{{Repeat(17, i => $"\"m{i}\":1")}}}"), "segments[0].match: came 17 conditions; expected at most 16" },
        { With("\"rewards\":[]"), "rewards: came an array; expected an object of numbers" },
        { With("\"rewards\":{}"), "rewards: came 0 types; expected 1 to 16" },
        { With("\"rewards\":{\"cap\":1}"), "rewards: came 0 types; expected 1 to 16" },
        { With($"\"rewards\":{{{Repeat(17, i => $"\"t{i}\":1")}}}"), "rewards: came 17 types; expected 1 to 16" },
        { With("\"rewards\":{\"a click\":1}"), "rewards.a click: came this name; expected a signal type, [A-Za-z0-9_.-]{1,64}" },
        { With("\"rewards\":{\"click\":-1}"), "rewards.click: came -1; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"click\":1000000.1}"), "rewards.click: came 1000000.1; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"click\":0.0000001}"), "rewards.click: came 0.0000001; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"click\":1e999}"), "rewards.click: came 1e999; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"click\":\"1\"}"), "rewards.click: came \"1\"; expected a number from 0 to 1,000,000 with at most 6 decimals, or {\"weight\":1,\"perValue\":0.1}" },
        { With("\"rewards\":{\"sale\":{\"perValue\":-0.1},\"cap\":5}"), "rewards.sale.perValue: came -0.1; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"sale\":{\"perValue\":0.1,\"weight\":\"1\"},\"cap\":5}"), "rewards.sale.weight: came \"1\"; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"sale\":{\"weight\":1},\"cap\":5}"), "rewards.sale.perValue: came nothing; expected a number from 0 to 1,000,000 with at most 6 decimals (for a fixed weight alone write the number itself)" },
        { With("\"rewards\":{\"sale\":{\"perValue\":0.1,\"share\":1},\"cap\":5}"), "rewards.sale.share: came an unknown member; expected weight, perValue" },
        { With("\"rewards\":{\"sale\":{\"perValue\":0.1}}"), "rewards.cap: came nothing; expected the most that one decision can earn: with perValue there has to be one, or a few large values would decide for all" },
        { With("\"rewards\":{\"click\":1,\"cap\":{\"perValue\":1}}"), "rewards.cap: came an object; expected a number from 0 to 1,000,000 with at most 6 decimals" },
        { With("\"rewards\":{\"click\":1,\"cap\":0}"), "rewards.cap: came 0; expected more than 0" },
        { With("\"policy\":5"), "policy: came 5; expected an object" },
        { With("\"policy\":{\"epsilon\":0.1}"), "policy.epsilon: came an unknown member; expected control, minPropensity, attributionWindow" },
        { With("\"policy\":{\"control\":1.5}"), "policy.control: came 1.5; expected a number from 0 to 1" },
        { With("\"policy\":{\"control\":\"5 %\"}"), "policy.control: came \"5 %\"; expected a number from 0 to 1" },
        { With("\"policy\":{\"minPropensity\":0.6}"), "policy.minPropensity: came 0.6; expected at most 0.5: there are 2 combinations" },
        { With("\"policy\":{\"attributionWindow\":\"00:00:00.5\"}"), "policy.attributionWindow: came \"00:00:00.5\"; expected a time from 00:00:01 to 30.00:00:00 (or ISO 8601, PT1S to P30D)" },
        { With("\"policy\":{\"attributionWindow\":\"P31D\"}"), "policy.attributionWindow: came \"P31D\"; expected a time from 00:00:01 to 30.00:00:00 (or ISO 8601, PT1S to P30D)" },
        { With("\"policy\":{\"attributionWindow\":3600}"), "policy.attributionWindow: came 3600; expected a time from 00:00:01 to 30.00:00:00 (or ISO 8601, PT1S to P30D)" },
        { With("\"governance\":true"), "governance: came true; expected an object" },
        { With("\"governance\":{\"mode\":\"never\"}"), "governance.mode: came \"never\"; expected approve or auto or off" },
        { With("\"governance\":{\"maxModulesPerSlot\":33}"), "governance.maxModulesPerSlot: came 33; expected a whole number from 1 to 32" },
        { With("\"governance\":{\"challengerShare\":-0.1}"), "governance.challengerShare: came -0.1; expected a number from 0 to 1" },
        { With("\"governance\":{\"auto\":true}"), "governance.auto: came true; expected an object" },
        { With("\"governance\":{\"auto\":{\"slot\":\"s\"}}"), "governance.auto.slot: came an unknown member; expected slots, risk, share" },
        { With("\"governance\":{\"auto\":{\"slots\":[]}}"), "governance.auto.slots: came 0 items; expected 1 to 8" },
        { With("\"governance\":{\"auto\":{\"slots\":[\"sound\"]}}"), "governance.auto.slots[0]: came \"sound\"; expected one of s" },
        { With("\"governance\":{\"auto\":{\"slots\":[5]}}"), "governance.auto.slots[0]: came 5; expected one of s" },
        { With("\"governance\":{\"auto\":{\"risk\":\"block\"}}"), "governance.auto.risk: came \"block\"; expected none or info or warning" },
        { With("\"governance\":{\"auto\":{\"share\":1.5}}"), "governance.auto.share: came 1.5; expected a number from 0 to 1" },
        { With("\"governance\":{\"proposalsPerDay\":1001}"), "governance.proposalsPerDay: came 1001; expected a whole number from 0 to 1000" },
        { With("\"governance\":{\"tokensPerDay\":0}"), "governance.tokensPerDay: came 0; expected a whole number from 1 to 100000000" },
        { With("\"governance\":{\"tokensPerDay\":100000001}"), "governance.tokensPerDay: came 100000001; expected a whole number from 1 to 100000000" },
        { With("\"governance\":{\"costPerDay\":-1}"), "governance.costPerDay: came -1; expected a number from 0 to 10000" },
        { With("\"governance\":{\"costPerDay\":10000.5}"), "governance.costPerDay: came 10000.5; expected a number from 0 to 10000" },
        { With("\"delivery\":5"), "delivery: came 5; expected an object" },
        { With("\"delivery\":{\"price\":1,\"link\":\"https://a.example/\",\"budget\":5}"), "delivery.budget: came an unknown member; expected price, currency, link, domains, categories" },
        { With("\"delivery\":{\"link\":\"https://a.example/\"}"), $"delivery.price: came nothing; expected {Price}" },
        { With("\"delivery\":{\"price\":0,\"link\":\"https://a.example/\"}"), $"delivery.price: came 0; expected {Price}" },
        { With("\"delivery\":{\"price\":10000.1,\"link\":\"https://a.example/\"}"), $"delivery.price: came 10000.1; expected {Price}" },
        { With("\"delivery\":{\"price\":0.0000001,\"link\":\"https://a.example/\"}"), $"delivery.price: came 0.0000001; expected {Price}" },
        { With("\"delivery\":{\"price\":1}"), $"delivery.link: came nothing; expected {Link}" },
        { With("\"delivery\":{\"price\":1,\"link\":\"/shoes\"}"), $"delivery.link: came \"/shoes\"; expected {Link}" },
        { With("\"delivery\":{\"price\":1,\"link\":\"javascript:alert(1)\"}"), $"delivery.link: came \"javascript:alert(1)\"; expected {Link}" },
        { With("\"delivery\":{\"price\":1,\"link\":\"https://a.example/\",\"currency\":\"usd\"}"), "delivery.currency: came \"usd\"; expected three capital letters of ISO 4217 such as USD" },
        { With("\"delivery\":{\"price\":1,\"link\":\"https://a.example/\",\"domains\":[\"A.example\"]}"), "delivery.domains[0]: came \"A.example\"; expected a domain in small letters such as example.com" },
        { With("\"delivery\":{\"price\":1,\"link\":\"https://a.example/\",\"categories\":[\"shoes\"]}"), "delivery.categories[0]: came \"shoes\"; expected a category of the IAB's Content Taxonomy 1.0 such as IAB18-3" },
        { With("\"governance\":{\"coolDownMinutes\":10081}"), "governance.coolDownMinutes: came 10081; expected a whole number from 0 to 10080" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_OneThingWrong_NamesFieldCameAndExpected(string json, string error) => Assert.Equal([error], ErrorsOf(json));

    public static TheoryData<string> AtTheLimit => new()
    {
        Grid(4, 32, 16),
        Grid(1, 32),
        $"{{\"slots\":[{Repeat(8, i => $"{{\"id\":\"s{i}\",\"modules\":[{{\"id\":\"a\"}}]}}")}]}}",
        $$"""{"slots":[{"id":"{{new string('x', 64)}}","modules":[{"id":"a"}]}]}""",
        With($"\"segments\":[{Repeat(1_000, i => $"{{\"id\":\"s{i}\"}}")}]"),
        With("\"id\":\"spring\",\"rewards\":{\"click\":1000000,\"cap\":0.000001}"),
        With($"\"rewards\":{{{Repeat(16, i => $"\"t{i}\":0.5")}}}"),
        With("\"policy\":{\"control\":1,\"minPropensity\":0.5,\"attributionWindow\":\"00:00:01\"}"),
        With("\"policy\":{\"control\":0,\"attributionWindow\":\"30.00:00:00\"}"),
        With("\"policy\":{\"attributionWindow\":\"P30D\"}"),
        Match($"{{{Repeat(16, i => $"\"m{i}\":1")}}}"),
        Match($"{{\"city\":[{Repeat(256, i => $"{i}")}]}}"),
        Match("{\"age\":{\"gte\":18,\"lt\":30,\"ne\":21,\"eq\":20,\"in\":[20]}}"),
        Module("\"content\":{\"text\":\"👩‍👩‍👧‍👦🇫🇷é\"}", "\"maxLength\":3,"),
        Module($"\"content\":{{\"x\":\"{new string('x', 8_184)}\"}}"),
    };

    [Theory]
    [MemberData(nameof(AtTheLimit))]
    public void Read_AtTheLimit_IsAccepted(string json) => Assert.NotNull(Documents.Read(json));

    [Theory]
    [InlineData("")]
    [InlineData("Spring")]
    [InlineData("a/b")]
    [InlineData("été")]
    public void Read_UnderAnIdThatIsNone_IsRefused(string id) =>
        Assert.Equal([$"id: came \"{id}\"; expected [a-z0-9-]{{1,64}}"], ErrorsOf("""{"slots":[{"id":"s","modules":[{"id":"a"}]}]}""", id));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"slots\":[{\"id\":\"s\",\"modules\":[{\"id\":\"a\"}]}]} x")]
    [InlineData("{\"slots\":[],\"slots\":[]}")]
    [InlineData("{\"control\":NaN}")]
    public void Read_NoJson_SaysOneObject(string json)
    {
        var error = Assert.Single(ErrorsOf(json));

        Assert.StartsWith("came malformed JSON", error, StringComparison.Ordinal);
        Assert.EndsWith("expected one JSON object, each member once", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralThingsWrong_NamesThemAll()
    {
        var errors = ErrorsOf(With("\"name\":5,\"status\":1,\"rewards\":[],\"policy\":{\"control\":2}"));

        Assert.Equal(["name", "status", "rewards", "policy.control"], errors.Select(error => error.Split(':')[0]));
    }

    [Fact]
    public void Read_MoreWrongThanAnyoneMends_NamesFifty() =>
        Assert.Equal(50, ErrorsOf($"{{{Repeat(100, i => $"\"x{i}\":1")},\"slots\":[]}}").Length);

    [Theory]
    [InlineData("\"name\":\"\\ud800\"")]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"brief\":{\"tone\":[\"\\ud800\"]}")]
    [InlineData("\"segments\":[{\"id\":\"\\ud800\"}]")]
    [InlineData("\"segments\":[{\"id\":\"a\",\"match\":{\"\\ud800\":1}}]")]
    [InlineData("\"segments\":[{\"id\":\"a\",\"match\":{\"city\":[\"\\ud800\"]}}]")]
    [InlineData("\"rewards\":{\"\\ud800\":1}")]
    [InlineData("\"policy\":{\"attributionWindow\":\"\\ud800\"}")]
    public void Read_TextThatIsNoUnicode_IsRefusedNotThrown(string members) => Assert.NotEmpty(ErrorsOf(With(members)));

    [Theory]
    [InlineData("{\"text\":\"\\ud800\"}", "")]
    [InlineData("{\"text\":\"\\ud800\"}", "\"kind\":\"text\",\"maxLength\":5,")]
    [InlineData("{\"url\":\"\\udc00x\"}", "\"kind\":\"image\",")]
    [InlineData("{\"a\":[{\"b\":\"x\\ud83dx\"}]}", "")]
    public void Read_ContentThatIsNoUnicode_NamesTheContent(string content, string slot) => Assert.Equal(
        ["slots[0].modules[0].content: came half a surrogate pair; expected Unicode text"],
        ErrorsOf(Module($"\"content\":{content}", slot)));

    [Theory]
    [InlineData("\"content\":{\"text\":\"\\ud800\"}")]
    [InlineData("\"content\":{\"\\ud800\":1}")]
    [InlineData("\"attributes\":{\"\\ud800\":\"x\"}")]
    public void Read_ModuleTextThatIsNoUnicode_IsRefusedNotThrown(string members) => Assert.NotEmpty(ErrorsOf(Module(members, "\"kind\":\"my-kind\",")));

    [Fact]
    public void Read_NumberBeyondDoubleInARule_IsRefusedOrWritesBack()
    {
        var campaign = CampaignReader.Read(Id, Encoding.UTF8.GetBytes(Match("{\"age\":{\"lt\":1e999}}")), out var errors);

        if (campaign is not null)
            Assert.NotEmpty(CampaignWriter.Write(Id, campaign));
        else
            Assert.NotEmpty(errors);
    }

    [Fact]
    public void Read_DamagedDocument_NeverThrows()
    {
        var whole = Encoding.UTF8.GetBytes(Contract);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).ForAll(5_000, (Action<(int, byte, int, byte)>)(damage =>
        {
            var bytes = whole.ToArray();
            (bytes[damage.Item1], bytes[damage.Item3]) = (damage.Item2, damage.Item4);

            var campaign = CampaignReader.Read(Id, bytes, out var errors);

            Assert.Equal(campaign is null, errors.Count > 0);
        }));
    }

    /// <summary>A campaign of so many slots of so many modules, and one more slot.</summary>
    private static string Grid(int slots, int modules, int last = 0) =>
        $"{{\"slots\":[{Repeat(slots + (last > 0 ? 1 : 0), s => $"{{\"id\":\"s{s}\",\"modules\":[{Repeat(s < slots ? modules : last, m => $"{{\"id\":\"m{m}\"}}")}]}}")}]}}";
}
