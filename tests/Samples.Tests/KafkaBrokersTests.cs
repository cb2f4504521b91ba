using Flywheel.Silo.Tests;

namespace Flywheel.Samples.Tests;

public sealed class KafkaBrokersTests
{
    private const string Shoes = """{"slots":[{"id":"headline","modules":[{"id":"light","content":{"text":"Run lighter"}},{"id":"knees","content":{"text":"What your knees wish you knew"}}]}]}""";

    [Fact]
    public async Task Lines_TypedIntoTheBrokers_ShowInTheScoresOfAnEngineThatReadsThem()
    {
        using var data = new TempFolder();
        await using var brokers = SampleProcess.StartDotnet("KafkaBrokers", "shop-signals");
        await brokers.WritesAsync("127.0.0.1:");
        await using var engine = await EngineProcess.StartAsync(data, "--kafka-brokers", brokers.Output.Trim(), "--kafka-topics", "shop-signals");
        (await engine.Api.PutAsync("/v1/campaigns/shoes", Shoes)).Expect(201);

        await brokers.TypeAsync("""{"campaign":"shoes","modules":{"headline":"light"},"type":"impression"}""");

        var scores = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("shoes"), scores => scores.Ledger.Counted == 1, "the signal", scores => scores.Ledger, TimeSpan.FromSeconds(120));
        Assert.Equal(1, scores.Segments[0].Slots[0].Modules.Single(module => module.Id == "light").Observed!.Impressions);
        await brokers.WritesAsync("shop-signals");
    }
}
