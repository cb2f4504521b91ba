namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>Waits for the rounds in which campaigns are looked at.</summary>
internal static class WatchRounds
{
    /// <summary>Waits for two of them: a campaign that is new since is told of, so all before was looked at. Its messages go to /barrier.</summary>
    public static async Task PassAsync(Api api, WebhookReceiver receiver)
    {
        for (var round = 0; round < 2; round++)
        {
            var id = $"barrier-{Guid.NewGuid():n}";
            (await api.PutAsync($"/v1/campaigns/{id}", Wire.Spring)).Expect(201);
            Assert.InRange((await api.PutAsync("/v1/webhooks/barrier", $$"""{"url":"{{new Uri(receiver.Url, "/barrier")}}","campaigns":["{{id}}"]}""")).Status, 200, 201);
            (await api.PostAsync($"/v1/campaigns/{id}/slots/headline/refresh", "")).Expect(202);
            await receiver.ReceivesAsync(all => all.Any(each => each.Path == "/barrier" && each.Data["campaign"]!.GetValue<string>() == id), "a round of the watch");
        }
    }
}
