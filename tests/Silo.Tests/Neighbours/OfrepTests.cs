using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>Slots as flags of the OpenFeature Remote Evaluation Protocol.</summary>
public sealed class OfrepTests(Engine engine) : EngineTest(engine)
{
    private const string Flags = "/ofrep/v1/evaluate/flags";
    private const string ForOne = """{"context":{"targetingKey":"u-1","age":24,"city":"Paris"}}""";

    [Fact]
    public async Task Flag_IsTheSlotsModule_AndItsDecisionTakesSignals()
    {
        await PutAsync(Wire.Spring);

        var flag = (await Api.PostAsync($"{Flags}/{Campaign}.headline", ForOne)).Expect(200).Json;

        Assert.Equal($"{Campaign}.headline", flag["key"]!.GetValue<string>());
        Assert.Contains(flag["reason"]!.GetValue<string>(), (string[])["SPLIT", "DEFAULT"]);
        Assert.Contains(flag["variant"]!.GetValue<string>(), (string[])["h1", "h2"]);
        Assert.NotNull(flag["value"]!["text"]);
        var metadata = flag["metadata"]!;
        Assert.Equal((Campaign, "young-urban"), (metadata["campaign"]!.GetValue<string>(), metadata["segment"]!.GetValue<string>()));
        Assert.All(metadata.AsObject(), member => Assert.IsAssignableFrom<JsonValue>(member.Value));
        // The same unit has the same flag.
        Assert.Equal(flag["variant"]!.GetValue<string>(), (await Api.PostAsync($"{Flags}/{Campaign}.headline", ForOne)).Expect(200).Json["variant"]!.GetValue<string>());
        await SendAllAsync(Wire.Signal(metadata["decisionId"]!.GetValue<string>(), "click"));
        Assert.Equal(1, (await SettledAsync(2)).Segments.Sum(segment => segment.Reward));
    }

    [Fact]
    public async Task AllFlags_WithTheirETag_AreNotSentOrDecidedAgain()
    {
        await using var own = await Engine.StartAsync();
        (await own.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        (await own.Api.PutAsync("/v1/campaigns/asleep", Wire.Spring.Replace("\"live\"", "\"paused\"", StringComparison.Ordinal))).Expect(201);

        var all = (await own.Api.PostAsync(Flags, ForOne)).Expect(200);

        var flags = all.Json["flags"]!.AsArray();
        Assert.All(flags, flag => Assert.StartsWith("spring.", flag!["key"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Single(flags.Select(flag => flag!["metadata"]!["decisionId"]!.GetValue<string>()).Distinct());
        for (var times = 0; times < 3; times++)
        {
            using var request = new HttpRequestMessage { Content = Api.Body(ForOne) };
            request.Headers.IfNoneMatch.Add(all.Headers.ETag!);
            (await own.Api.SendAsync(request, HttpMethod.Post, Flags)).Expect(304);
        }
        using var other = new HttpRequestMessage { Content = Api.Body(ForOne.Replace("u-1", "u-2", StringComparison.Ordinal)) };
        other.Headers.IfNoneMatch.Add(all.Headers.ETag!);
        (await own.Api.SendAsync(other, HttpMethod.Post, Flags)).Expect(200);
        await Eventually.ReadsAsync(() => own.Api.ScoresAsync("spring"), scores => scores.Segments.Sum(segment => segment.Decisions) == 2, "a decision for each unit and no more", scores => scores.Segments.Sum(segment => segment.Decisions));
    }

    [Theory]
    [InlineData("spring.headline", "{", 400, "PARSE_ERROR")]
    [InlineData("spring.headline", "{}", 400, "INVALID_CONTEXT")]
    [InlineData("spring.headline", """{"context":"u-1"}""", 400, "INVALID_CONTEXT")]
    [InlineData("spring.headline", """{"context":{"age":24}}""", 400, "TARGETING_KEY_MISSING")]
    [InlineData("spring.headline", """{"context":{"targetingKey":""}}""", 400, "TARGETING_KEY_MISSING")]
    [InlineData("nobody.headline", ForOne, 404, "FLAG_NOT_FOUND")]
    [InlineData("CAMPAIGN.sound", ForOne, 404, "FLAG_NOT_FOUND")]
    [InlineData("CAMPAIGN", ForOne, 404, "FLAG_NOT_FOUND")]
    [InlineData("a.b.c", ForOne, 404, "FLAG_NOT_FOUND")]
    public async Task Evaluation_ThatCannotBe_HasTheProtocolsCode(string key, string body, int status, string code)
    {
        await PutAsync(Wire.Spring);
        key = key.Replace("CAMPAIGN", Campaign, StringComparison.Ordinal);

        var failure = (await Api.PostAsync($"{Flags}/{key}", body)).Expect(status).Json;

        Assert.Equal((key, code), (failure["key"]!.GetValue<string>(), failure["errorCode"]!.GetValue<string>()));
        Assert.NotEmpty(failure["errorDetails"]!.GetValue<string>());
    }

    [Fact]
    public async Task Flag_OfAPausedCampaign_LeavesTheCallersDefault()
    {
        await PutAsync(Wire.Spring.Replace("\"live\"", "\"paused\"", StringComparison.Ordinal));

        var flag = (await Api.PostAsync($"{Flags}/{Campaign}.headline", ForOne)).Expect(200).Json;

        Assert.Equal("DISABLED", flag["reason"]!.GetValue<string>());
        Assert.False(flag.AsObject().ContainsKey("value"));
    }
}
