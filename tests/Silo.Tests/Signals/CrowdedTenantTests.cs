using Flywheel.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>What cannot be told apart any more is turned away, and counted once it is sent again.</summary>
public sealed class CrowdedTenantTests
{
    private const string Campaign = "spring";

    [Fact]
    public async Task Post_TenantWhoseShareIsTaken_Answers429AndCountsNothing()
    {
        await using var engine = await Engine.StartAsync();
        (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([2]))).Expect(201);
        var decision = await engine.Api.DecideAsync(Campaign);
        var crowded = engine.Services.GetRequiredService<CrowdedTenants>();
        (int, string)[] everywhere = [.. Enumerable.Range(0, 64).Select(partition => (partition, "default"))];
        (int, string)[] elsewhere = [.. Enumerable.Range(0, 64).Select(partition => (partition, "acme"))];

        // The partitions are asked every few seconds, and say that there is room.
        var observed = await Eventually.ReadsAsync(() => PostAsync(everywhere, elsewhere, Wire.Observed(Campaign, "crm-1", "click")), answer => answer.Status == 429, "429");
        var impression = await Eventually.ReadsAsync(() => PostAsync(elsewhere, everywhere, Wire.Signal(decision, "impression")), answer => answer.Status == 429, "429");

        Assert.All([observed, impression], answer => Assert.Equal(60, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        (await PostAsync(elsewhere, elsewhere, Wire.Array([Wire.Observed(Campaign, "crm-1", "click"), Wire.Signal(decision, "impression")]))).Expect(202);
        var scores = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted > 1, "both signals");
        Assert.Equal((2, 2), (scores.Ledger.Accepted, scores.Ledger.Counted + scores.Ledger.Duplicate));

        Task<Answer> PostAsync((int, string)[] ids, (int, string)[] pages, string body)
        {
            crowded.Take(ids, pages);
            return engine.Api.PostAsync("/v1/signals", body);
        }
    }
}
