using Flywheel.Silo.Tests.Access;
using Flywheel.Silo.Tests.Kafka;

namespace Flywheel.Silo.Tests.Campaigns;

/// <summary>No tenant takes the room of the others.</summary>
public sealed class CampaignQuotaTests
{
    private const int Most = 3;

    [Fact]
    public async Task Put_ManyAtOnce_TakesAsManyAsATenantMayHave_AndLeavesTheOthersTheirs()
    {
        using var data = new TempFolder();
        var keys = new Keys(data.File("keys.json")).Add("acme", "operate").Add("other", "operate").Add("default", "admin").Save();
        await using var engine = await Engine.StartAsync(data, args: ["--api-keys", keys.Path, "--tenant-campaigns", "3"]);
        using var acme = keys.For(engine.Url, "acme", "operate");
        using var other = keys.For(engine.Url, "other", "operate");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4 * Most).Select(i => acme.PutAsync($"/v1/campaigns/c-{i}", Wire.Spring)));

        Assert.Equal(Most, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Contains("this tenant has 3", answer.ExpectProblem(422)["detail"]!.GetValue<string>(), StringComparison.Ordinal));
        var there = (await acme.GetAsync("/v1/campaigns")).Expect(200).Json["campaigns"]!.AsArray().Select(campaign => campaign!["id"]!.GetValue<string>()).ToList();
        Assert.Equal(Most, there.Count);
        using var watches = keys.For(engine.Url, "default", "admin");
        Assert.Equal(3 * Most, await watches.MetricAsync("flywheel_campaign_documents_rejected_total{reason=\"tenant\"}"));
        (await acme.PutAsync($"/v1/campaigns/{there[0]}", Wire.Spring)).Expect(200);
        (await other.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        (await acme.DeleteAsync($"/v1/campaigns/{there[0]}")).Expect(204);
        (await acme.PutAsync("/v1/campaigns/another", Wire.Spring)).Expect(201);
    }
}
