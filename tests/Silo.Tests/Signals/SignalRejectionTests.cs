using System.Globalization;
using System.Text;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>What is rejected, alone and among others, and that it is never counted.</summary>
public sealed class SignalRejectionTests(Engine engine) : EngineTest(engine)
{
    private const string About = "\"decisionId\":\"{decision}\"";
    private const string Observed = "\"id\":\"crm-1\",\"campaign\":\"{campaign}\",\"modules\":{\"headline\":\"h1\"}";

    /// <summary>Each signal by what is wrong with it, and the field that the error must name.</summary>
    private static readonly Dictionary<string, (string Signal, string Field)> Signals = new()
    {
        ["nothing in it"] = ("{}", "type"),
        ["no type"] = ($"{{{About}}}", "type"),
        ["type is empty"] = ($"{{{About},\"type\":\"\"}}", "type"),
        ["type is a number"] = ($"{{{About},\"type\":5}}", "type"),
        ["type with a space"] = ($"{{{About},\"type\":\"big click\"}}", "type"),
        ["type is too long"] = ($"{{{About},\"type\":\"{new string('t', 65)}\"}}", "type"),
        ["type is half a character"] = ($"{{{About},\"type\":\"\\ud800\"}}", ""),

        ["no decision"] = ("{\"type\":\"click\"}", "decisionId"),
        ["decision is empty"] = ("{\"type\":\"click\",\"decisionId\":\"\"}", "decisionId"),
        ["decision is a number"] = ("{\"type\":\"click\",\"decisionId\":5}", "decisionId"),
        ["decision is garbage"] = ("{\"type\":\"click\",\"decisionId\":\"spring\"}", "decisionId"),
        ["decision is long garbage"] = ($"{{\"type\":\"click\",\"decisionId\":\"{new string('A', 4_000)}\"}}", "decisionId"),
        ["decision is not base64"] = ("{\"type\":\"click\",\"decisionId\":\"{decision}!\"}", "decisionId"),
        ["decision is half a character"] = ("{\"type\":\"click\",\"decisionId\":\"\\ud800\"}", ""),
        ["decision is forged"] = ("{\"type\":\"click\",\"decisionId\":\"{forged}\"}", "decisionId"),
        ["decision is truncated"] = ("{\"type\":\"click\",\"decisionId\":\"{truncated}\"}", "decisionId"),
        ["decision is signed by another"] = ("{\"type\":\"click\",\"decisionId\":\"{foreign}\"}", "decisionId"),
        ["decision has expired"] = ("{\"type\":\"click\",\"decisionId\":\"{expired}\"}", "expired"),
        ["decision of another life of the campaign"] = ("{\"type\":\"click\",\"decisionId\":\"{former}\"}", "deleted"),

        ["id is a number"] = ($"{{{About},\"type\":\"click\",\"id\":5}}", "id"),
        ["id is too long"] = ($"{{{About},\"type\":\"click\",\"id\":\"{new string('i', 257)}\"}}", "id"),
        ["id is half a character"] = ($"{{{About},\"type\":\"click\",\"id\":\"\\ud800\"}}", ""),
        ["time in the future"] = ($"{{{About},\"type\":\"click\",\"time\":\"{{soon}}\"}}", "time"),
        ["time at the end of time"] = ($"{{{About},\"type\":\"click\",\"time\":\"9999-12-31T23:59:59.9999999Z\"}}", "time"),
        ["time before the decision"] = ($"{{{About},\"type\":\"click\",\"time\":\"2001-01-01T00:00:00Z\"}}", "time"),
        ["time at the beginning of time"] = ($"{{{About},\"type\":\"click\",\"time\":\"0001-01-01T00:00:00Z\"}}", "time"),
        ["time outside of time"] = ($"{{{About},\"type\":\"click\",\"time\":\"0001-01-01T00:00:00+14:00\"}}", "time"),
        ["time is a word"] = ($"{{{About},\"type\":\"click\",\"time\":\"yesterday\"}}", "time"),
        ["time is a number"] = ($"{{{About},\"type\":\"click\",\"time\":1777885200}}", "time"),
        ["value is a text"] = ($"{{{About},\"type\":\"click\",\"value\":\"49.9\"}}", "value"),
        ["value is NaN as a text"] = ($"{{{About},\"type\":\"click\",\"value\":\"NaN\"}}", "value"),
        ["value is beyond all numbers"] = ($"{{{About},\"type\":\"click\",\"value\":1e999}}", "value"),
        ["count of 2 for a decision"] = ($"{{{About},\"type\":\"click\",\"count\":2}}", "count"),
        ["channel is a number"] = ($"{{{About},\"type\":\"click\",\"channel\":5}}", "channel"),
        ["signal of 17 kB"] = ($"{{{About},\"type\":\"click\",\"more\":\"{new string('m', 17_000)}\"}}", "16384"),

        ["count of 0"] = ($"{{{Observed},\"type\":\"click\",\"count\":0}}", "count"),
        ["count of -1"] = ($"{{{Observed},\"type\":\"click\",\"count\":-1}}", "count"),
        ["count of 1.5"] = ($"{{{Observed},\"type\":\"click\",\"count\":1.5}}", "count"),
        ["count is a text"] = ($"{{{Observed},\"type\":\"click\",\"count\":\"12\"}}", "count"),
        ["count beyond the most"] = ($"{{{Observed},\"type\":\"click\",\"count\":1000001}}", "count"),
        ["count beyond all numbers"] = ($"{{{Observed},\"type\":\"click\",\"count\":99999999999999999999}}", "count"),
        ["observed in the future"] = ($"{{{Observed},\"type\":\"click\",\"time\":\"{{soon}}\"}}", "time"),
        ["observed long ago"] = ($"{{{Observed},\"type\":\"click\",\"time\":\"2001-01-01T00:00:00Z\"}}", "time"),
        ["observed at the beginning of time"] = ($"{{{Observed},\"type\":\"click\",\"time\":\"0001-01-01T00:00:00Z\"}}", "time"),
        ["observed without an id"] = ("{\"campaign\":\"{campaign}\",\"modules\":{\"headline\":\"h1\"},\"type\":\"click\"}", "id"),
        ["unknown campaign"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}-none\",\"modules\":{\"headline\":\"h1\"},\"type\":\"click\"}", "campaign"),
        ["campaign is a number"] = ("{\"id\":\"x\",\"campaign\":5,\"modules\":{\"headline\":\"h1\"},\"type\":\"click\"}", "campaign"),
        ["unknown segment"] = ($"{{{Observed},\"segment\":\"nobody\",\"type\":\"click\"}}", "segment"),
        ["segment is a number"] = ($"{{{Observed},\"segment\":5,\"type\":\"click\"}}", "segment"),
        ["no modules"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"type\":\"click\"}", "modules"),
        ["modules is empty"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{},\"type\":\"click\"}", "modules"),
        ["modules is a list"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":[\"h1\"],\"type\":\"click\"}", "modules"),
        ["unknown slot"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{\"footer\":\"h1\"},\"type\":\"click\"}", "modules"),
        ["unknown module"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{\"headline\":\"h9\"},\"type\":\"click\"}", "modules.headline"),
        ["module of another slot"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{\"image\":\"h1\"},\"type\":\"click\"}", "modules.image"),
        ["module is a number"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{\"headline\":1},\"type\":\"click\"}", "modules.headline"),
        ["half a character in a slot"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{\"\\ud800\":\"h1\"},\"type\":\"click\"}", ""),
        ["half a character in a module"] = ("{\"id\":\"x\",\"campaign\":\"{campaign}\",\"modules\":{\"headline\":\"\\ud800\"},\"type\":\"click\"}", ""),
    };

    public static TheoryData<string> Names => [.. Signals.Keys];

    public override async ValueTask InitializeAsync() => await PutAsync(Wire.Spring);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Post_Wrong_SaysWhyAloneAndAmongOthers(string wrong)
    {
        var (template, field) = Signals[wrong];
        var decision = await DecideAsync();
        var signal = await FillAsync(template, decision);

        var problem = (await SendAsync(signal)).ExpectProblem(400);
        var batch = (await SendAsync(Wire.Array(Wire.Signal(decision, "impression"), signal, Wire.Signal(decision, "click")))).Expect(202);

        Assert.Contains(field, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(2, batch.Json["accepted"]!.GetValue<int>());
        var rejected = Assert.Single(batch.Json["rejected"]!.AsArray())!;
        Assert.Equal(1, rejected["index"]!.GetValue<int>());
        Assert.Contains(field, rejected["error"]!.GetValue<string>(), StringComparison.Ordinal);
        var scores = await SettledAsync();
        Assert.Equal((1, 1.0), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
        Assert.All(scores.Segments.SelectMany(segment => segment.Slots).SelectMany(slot => slot.Modules), module => Assert.Null(module.Observed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public async Task Post_AnyBitOfTheDecisionTurned_IsRejected(int every)
    {
        var decisionId = (await DecideAsync()).DecisionId;
        var forged = Enumerable.Range(0, decisionId.Length).Where(at => every == 0 ? at == decisionId.Length - 2 : at % every == 0).Select(at => Forge(decisionId, at)).ToList();

        var answer = (await SendAsync(Wire.Array(forged.Select(id => Wire.Signal(id, "click"))))).Expect(202);

        Assert.Equal(0, answer.Json["accepted"]!.GetValue<int>());
        Assert.Equal(forged.Count, answer.Json["rejected"]!.AsArray().Count);
        Assert.All(answer.Json["rejected"]!.AsArray(), rejected => Assert.StartsWith("decisionId", rejected!["error"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_TimesAtTheLimits_AreCounted()
    {
        var decision = await DecideAsync();
        var now = TimeProvider.System.GetUtcNow();

        await SendAllAsync(
            $$"""{"decisionId":"{{decision.DecisionId}}","type":"impression","time":"{{now.AddMinutes(4):O}}"}""",
            $$"""{"decisionId":"{{decision.DecisionId}}","type":"click","time":"{{now.AddMinutes(-4).ToOffset(TimeSpan.FromHours(9)):O}}"}""");

        var scores = await SettledAsync();
        Assert.Equal((1, 1.0), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
    }

    private async Task<string> FillAsync(string template, Decision decision)
    {
        var incarnation = ulong.Parse((await Api.GetAsync(Path)).Headers.ETag!.Tag.Trim('"').Split('-')[0], CultureInfo.InvariantCulture);
        var now = TimeProvider.System.GetUtcNow();
        var own = Engine.Services.GetRequiredService<TokenKeys>();
        var other = new TokenKeys([new(own.SigningKeyId, new byte[TokenKeys.KeyBytes])]);
        Assert.Equal(202, (await SendAsync(Wire.Signal(Sign(own, incarnation, now), "scroll"))).Status);
        return template
            .Replace("{decision}", decision.DecisionId, StringComparison.Ordinal)
            .Replace("{campaign}", Campaign, StringComparison.Ordinal)
            .Replace("{forged}", Forge(decision.DecisionId, decision.DecisionId.Length / 2), StringComparison.Ordinal)
            .Replace("{truncated}", decision.DecisionId[..^8], StringComparison.Ordinal)
            .Replace("{foreign}", Sign(other, incarnation, now), StringComparison.Ordinal)
            .Replace("{expired}", Sign(own, incarnation, now - DecisionToken.Lifetime - TimeSpan.FromMinutes(1)), StringComparison.Ordinal)
            .Replace("{former}", Sign(own, incarnation - 1, now), StringComparison.Ordinal)
            .Replace("{soon}", now.AddHours(1).ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>A decision id as the engine would have issued it at that time.</summary>
    private string Sign(TokenKeys keys, ulong incarnation, DateTimeOffset issuedAt)
    {
        var modules = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(modules, PublishedCampaign.ModuleKey("headline", "h1", 1));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(modules.AsSpan(8), PublishedCampaign.ModuleKey("image", "i1", 1));
        var text = new byte[DecisionToken.MaxChars];
        var length = new DecisionToken
        {
            Issuer = 7,
            IssuedAtMs = issuedAt.ToUnixTimeMilliseconds(),
            Propensity = 0.5,
            Incarnation = incarnation,
            WindowSeconds = 3_600,
            Campaign = Encoding.ASCII.GetBytes(Campaign),
            Segment = "default"u8,
            ModuleKeys = modules,
        }.WriteTo(text, keys);
        return Encoding.ASCII.GetString(text, 0, length);
    }

    private static string Forge(string decisionId, int at) => decisionId[..at] + (decisionId[at] == 'A' ? 'B' : 'A') + decisionId[(at + 1)..];
}
