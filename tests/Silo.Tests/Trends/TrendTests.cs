using Flywheel.Silo.Api.Trends;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Trends;

public sealed class TrendTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Trends_OfASegment_SumToItsScores()
    {
        await PutAsync(Wire.Campaign([2]));
        await LearnAsync(600, decision => decision.Variant["headline"].Module == "h1");
        var scores = await Api.ScoresAsync(Campaign);

        var trends = (await Api.GetAsync($"{Path}/trends")).Expect(200).Json;

        Assert.Equal("default", trends["segment"]!.GetValue<string>());
        foreach (var (slot, known) in trends["slots"]!.AsArray().Zip(scores.Segments[^1].Slots))
        {
            foreach (var (module, counted) in slot!["modules"]!.AsArray().Zip(known.Modules))
            {
                Assert.Equal(counted.Id, module!["id"]!.GetValue<string>());
                Assert.Equal(counted.Impressions, module["points"]!.AsArray().Sum(point => point!["impressions"]!.GetValue<long>()));
                Assert.Equal(counted.Reward, module["points"]!.AsArray().Sum(point => point!["reward"]!.GetValue<double>()), 1e-9);
            }
        }
        var one = (await Api.GetAsync($"{Path}/trends?points=1&slot=headline")).Expect(200).Json["slots"]!.AsArray();
        Assert.All(Assert.Single(one)!["modules"]!.AsArray(), module => Assert.Single(module!["points"]!.AsArray()));
        var none = (await Api.GetAsync($"{Path}/trends?to=2020-01-01T00:00:00Z")).Expect(200).Json["slots"]!.AsArray();
        Assert.All(none, slot => Assert.All(slot!["modules"]!.AsArray(), module => Assert.Empty(module!["points"]!.AsArray())));
    }

    [Fact]
    public async Task Trends_OfTheExperiment_HoldWhatItSaid()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));
        var notes = Engine.Services.GetRequiredService<LiftNotes>();
        notes.Take();
        await LearnAsync(200, _ => true);
        notes.Take();
        var overall = (await Api.GetAsync($"{Path}/experiment")).Expect(200).Json["overall"]!;

        var experiment = (await Api.GetAsync($"{Path}/trends")).Expect(200).Json["experiment"]!;

        var last = experiment["points"]!.AsArray()[^1]!;
        Assert.Equal(200, last["decisions"]!.GetValue<long>());
        Assert.Equal(overall["lift"]!.ToJsonString(), last["lift"]!.ToJsonString());
        Assert.Equal(overall["verdict"]!.GetValue<string>(), last["verdict"]!.GetValue<string>());
        Assert.True(DateTimeOffset.Parse(experiment["since"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) <= TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("segment=nobody", "segment")]
    [InlineData("slot=nobody", "slot")]
    [InlineData("from=yesterday", "from")]
    [InlineData("points=0", "points")]
    public async Task Trends_OfWhatIsNotThere_SayWhatWouldBeRight(string query, string field)
    {
        await PutAsync(Wire.Campaign([2]));

        (await Api.GetAsync($"{Path}/trends?{query}")).ExpectFieldError(field);
        (await Api.GetAsync("/v1/campaigns/nobody/trends")).ExpectProblem(404);
    }
}
