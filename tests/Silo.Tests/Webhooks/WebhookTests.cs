using System.Net;
using System.Text.Json.Nodes;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Webhooks;
using Flywheel.Silo.Api.Webhooks;
using Flywheel.Silo.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>Messages to a real receiver on loopback: what they say, how they are signed, and what happens where it does not take them.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Hooks = "/v1/webhooks";
    private const string Allowed = "127.0.0.0/8";

    /// <summary>As the engine's own, with waits that a test can wait for.</summary>
    private static readonly RetrySchedule Hasty = new() { First = TimeSpan.FromMilliseconds(50), Factor = 1.2, Attempts = 3 };

    private readonly TempFolder _data = new();
    private WebhookReceiver? _receiver;
    private Engine? _engine;

    private WebhookReceiver Receiver => _receiver!;

    private Api Api => _engine!.Api;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        await Receiver.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Proposal_ThatWaits_IsToldOnceSignedWithTheSecret()
    {
        await StartAsync();
        var secret = await HookAsync("""["proposal.waiting"]""");
        (await Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        (await Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);

        var message = (await Receiver.ReceivesAsync(all => all.Count > 0, "a message"))[0];

        var proposal = (await Api.GetAsync("/v1/campaigns/spring/proposals")).Expect(200).Json["proposals"]![0]!;
        Assert.Equal(("proposal.waiting", "/hook", "application/json"), (message.Type, message.Path, message.ContentType));
        Assert.Equal(("spring", "p-1", "headline", "offline"), (Text(message.Data, "campaign"), Text(message.Data, "proposal"), Text(message.Data, "slot"), Text(message.Data, "writer")));
        Assert.Equal(proposal["module"]!["content"]!.ToJsonString(), message.Data["content"]!.ToJsonString());
        Assert.Matches("^msg_[0-9a-f]{32}$", message.Id);
        Assert.True(message.IsSignedWith(secret));
        Assert.False(message.IsSignedWith($"whsec_{Convert.ToBase64String(new byte[32])}"));
        Assert.False((message with { Body = message.Body.Replace("spring", "autumn", StringComparison.Ordinal) }).IsSignedWith(secret));
        // Decided, another that waits: a message more, and none again of the first.
        (await Api.PostAsync("/v1/campaigns/spring/proposals/p-1/approve", "")).Expect(200);
        (await Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);
        var two = await Receiver.ReceivesAsync(all => all.Count > 1, "the second proposal");
        Assert.Equal(2, two.Select(each => Text(each.Data, "proposal")).Distinct().Count());
        Assert.Equal(2, two.DistinctBy(each => each.Id).Count());
    }

    [Fact]
    public async Task Proposal_ThatIsRefusedAndReopened_WaitsAndIsToldAgain()
    {
        await StartAsync();
        await HookAsync("""["proposal.waiting"]""");
        (await Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        (await Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);
        await Receiver.ReceivesAsync(all => all.Count == 1, "the proposal");
        (await Api.PostAsync("/v1/campaigns/spring/proposals/p-1/reject", "")).Expect(200);
        await TestBarrierAsync();

        (await Api.PostAsync("/v1/campaigns/spring/proposals/p-1/undo", "")).Expect(200);

        await Receiver.ReceivesAsync(all => Told(all).Count() == 2, "the proposal again");
        Assert.Equal(["p-1", "p-1"], Told(Receiver.Received).Select(each => Text(each.Data, "proposal")));
        Assert.Distinct(Told(Receiver.Received).Select(each => each.Id));

        static IEnumerable<ReceivedMessage> Told(IEnumerable<ReceivedMessage> all) => all.Where(each => each.Path == "/hook" && Text(each.Data, "campaign") == "spring");
    }

    /// <summary>Control's impressions go missing: its experiment is not to be trusted any more, which is a problem of the campaign as well.</summary>
    [Fact]
    public async Task Campaign_ThatDegrades_IsToldWithItsVerdict()
    {
        await StartAsync();
        await HookAsync("""["verdict.changed","campaign.degraded"]""");
        (await Api.PutAsync("/v1/campaigns/spring", Wire.Campaign([2], "\"policy\":{\"control\":0.5}"))).Expect(201);
        var decisions = await Api.DecideManyAsync("spring", 600);
        var shown = decisions.Where((decision, i) => decision.Reason != "control" || i % 3 == 0).Select(decision => Wire.Signal(decision, "impression"));
        (await Api.PostAsync("/v1/signals", Wire.Array(shown))).Expect(202);

        var told = await Receiver.ReceivesAsync(all => all.Count == 2, "two messages");

        var verdict = told.Single(each => each.Type == "verdict.changed").Data;
        Assert.Equal(("spring", "learning", "unhealthy"), (Text(verdict, "campaign"), Text(verdict, "from"), Text(verdict, "to")));
        var degraded = told.Single(each => each.Type == "campaign.degraded").Data;
        Assert.Equal("""["sampleRatio"]""", degraded["appeared"]!.ToJsonString());
        Assert.Equal("""["sampleRatio"]""", degraded["problems"]!.ToJsonString());
    }

    /// <summary>A click before its impression is in quarantine, then counted, then there is another: nothing of it is worth a message.</summary>
    [Fact]
    public async Task Campaign_WhoseBeaconsWait_IsNotDegraded()
    {
        await StartAsync();
        await HookAsync("""["campaign.degraded"]""");
        (await Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        for (var times = 1; times <= 2; times++)
        {
            var decision = await Api.DecideAsync("spring");
            (await Api.GetAsync($"/v1/b/click/{decision.DecisionId}")).Expect(204);
            await Eventually.ReadsAsync(() => Api.ScoresAsync("spring"), scores => scores.Ledger.Quarantined == 1, "a click in quarantine", scores => scores.Ledger);
            await TestBarrierAsync();
            (await Api.GetAsync($"/v1/b/impression/{decision.DecisionId}")).Expect(204);
            await Eventually.ReadsAsync(() => Api.ScoresAsync("spring"), scores => scores.Ledger is { Quarantined: 0 } ledger && ledger.Counted == 2 * times, "both counted", scores => scores.Ledger);
            await TestBarrierAsync();
        }

        Assert.DoesNotContain(Receiver.Received, each => each.Path == "/hook");
    }

    [Fact]
    public async Task Receiver_ThatFailsAtFirst_GetsTheSameMessageUntilItTakesIt()
    {
        await StartAsync();
        Receiver.Status = place => place < 2 ? 500 : 204;
        var secret = await HookAsync();

        var id = Text((await Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202).Json, "message");

        var all = await Receiver.ReceivesAsync(all => all.Count == 3, "three attempts");
        Assert.All(all, each => Assert.Equal((id, all[0].Body, "webhook.test", true), (each.Id, each.Body, each.Type, each.IsSignedWith(secret))));
        var deliveries = await Eventually.ReadsAsync(async () => (await Api.GetAsync($"{Hooks}/ops/deliveries")).Expect(200).Json, list => list["deliveries"]!.AsArray().Count == 3, "three deliveries", list => list.ToJsonString());
        Assert.Equal([("delivered", 204, 3), ("failed", 500, 2), ("failed", 500, 1)],
            deliveries["deliveries"]!.AsArray().Select(each => (Text(each!, "outcome"), each!["status"]!.GetValue<int>(), each["attempt"]!.GetValue<int>())));
        Assert.Empty(deliveries["queued"]!.AsArray());
        await SeriesAsync("flywheel_webhook_attempts_total{outcome=\"failed\"} 2", "flywheel_webhook_attempts_total{outcome=\"delivered\"} 1", "flywheel_webhook_messages_died_total 0");
    }

    [Fact]
    public async Task Message_ThatNobodyTakes_IsADeadLetterAndCanBeReplayed()
    {
        await StartAsync();
        Receiver.Status = _ => 503;
        var secret = await HookAsync();
        var id = Text((await Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202).Json, "message");

        var letter = await DeadAsync();

        Assert.Equal((id, "webhook.test", 3, "failed", 503), (Text(letter, "message"), Text(letter, "type"), letter["attempts"]!.GetValue<int>(), Text(letter, "outcome"), letter["status"]!.GetValue<int>()));
        Assert.Equal(3, Receiver.Received.Count);
        await SeriesAsync("flywheel_webhook_messages_died_total 1", "flywheel_webhook_dead_letters 1", "flywheel_webhook_queued_messages 0");
        (await Api.PostAsync($"{Hooks}/ops/replay?message=msg_other", "")).ExpectProblem(404);
        Receiver.Status = _ => 200;
        Assert.Equal(1, (await Api.PostAsync($"{Hooks}/ops/replay?message={id}", "")).Expect(202).Json["replayed"]!.GetValue<int>());
        var all = await Receiver.ReceivesAsync(all => all.Count == 4, "the replay");
        Assert.Equal((id, all[0].Body, true), (all[3].Id, all[3].Body, all[3].IsSignedWith(secret)));
        Assert.Empty((await Api.GetAsync($"{Hooks}/ops/dead-letters")).Expect(200).Json["deadLetters"]!.AsArray());
        Assert.Equal(0, (await Api.PostAsync($"{Hooks}/ops/replay", "")).Expect(202).Json["replayed"]!.GetValue<int>());
    }

    /// <summary>kill -9 between the first attempt and the next, with the engine's own schedule: what was queued is in the store.</summary>
    [Fact]
    public async Task Engine_ThatIsKilled_SendsWhatWaitedUnderTheSameId()
    {
        Receiver.Status = place => place == 0 ? 500 : 204;
        string id, secret;
        await using (var engine = await EngineProcess.StartAsync(_data, "--webhook-private", Allowed))
        {
            secret = Text((await engine.Api.PutAsync($"{Hooks}/ops", Document())).Expect(201).Json, "secret");
            id = Text((await engine.Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202).Json, "message");
            await Receiver.ReceivesAsync(all => all.Count == 1, "the first attempt");
            await Eventually.ReadsAsync(async () => (await engine.Api.GetAsync($"{Hooks}/ops/deliveries")).Expect(200).Json, list => list["deliveries"]!.AsArray().Count == 1, "an attempt that is known to have failed", list => list.ToJsonString());
            engine.Kill();
        }

        await using var next = await EngineProcess.StartAsync(_data, "--webhook-private", Allowed);

        var again = (await Receiver.ReceivesAsync(all => all.Count == 2, "the message again"))[1];
        Assert.Equal((id, Receiver.Received[0].Body, true), (again.Id, again.Body, again.IsSignedWith(secret)));
        Assert.False((await next.Api.GetAsync($"{Hooks}/ops")).Expect(200).Json.AsObject().ContainsKey("secret"));
    }

    [Fact]
    public async Task Receiver_ThatIsGone_TakesTheWebhookOutOfService()
    {
        await StartAsync();
        Receiver.Status = _ => 410;
        await HookAsync();
        (await Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202);

        Assert.Equal(("gone", 1), (Text(await DeadAsync(), "outcome"), Receiver.Received.Count));

        var hook = (await Api.GetAsync($"{Hooks}/ops")).Expect(200).Json;
        Assert.Equal((false, true), (hook["enabled"]!.GetValue<bool>(), hook["gone"]!.GetValue<bool>()));
        (await Api.PostAsync($"{Hooks}/ops/test", "")).ExpectProblem(409);
        (await Api.PostAsync($"{Hooks}/ops/replay", "")).ExpectProblem(409);
        Receiver.Status = _ => 204;
        Assert.False((await Api.PutAsync($"{Hooks}/ops", Document())).Expect(200).Json["gone"]!.GetValue<bool>());
        (await Api.PostAsync($"{Hooks}/ops/replay", "")).Expect(202);
        await Receiver.ReceivesAsync(all => all.Count == 2, "the replay");
    }

    [Fact]
    public async Task Redirect_IsAFailureAndNotFollowed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await StartAsync();
        (Receiver.Status, Receiver.Location) = (_ => 307, elsewhere.Url.ToString());
        await HookAsync();
        (await Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202);

        Assert.Equal(("failed", 307), (Text(await DeadAsync(), "outcome"), (await DeadAsync())["status"]!.GetValue<int>()));

        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task Secret_ThatIsRotated_SignsBesideTheOneBefore()
    {
        await StartAsync();
        var first = await HookAsync();

        var rotated = (await Api.PostAsync($"{Hooks}/ops/secret", "")).Expect(200).Json;

        var second = Text(rotated, "secret");
        Assert.NotEqual(first, second);
        (await Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202);
        var message = (await Receiver.ReceivesAsync(all => all.Count == 1, "a message"))[0];
        Assert.True(message.IsSignedWith(first) && message.IsSignedWith(second));
        foreach (var read in (string[])["", "/ops", "/ops/deliveries", "/ops/dead-letters"])
        {
            var text = (await Api.GetAsync($"{Hooks}{read}")).Expect(200).Text;
            Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal);
        }
    }

    /// <summary>A name that leads inside is found out where the connection is made, and not asked again.</summary>
    [Fact]
    public async Task Name_ThatLeadsToAPrivateAddress_IsNotSpokenTo()
    {
        var asked = 0;
        await StartAsync(
            services => services.AddSingleton<IWebhookCourier>(provider => new WebhookCourier(provider.GetRequiredService<WebhookAddresses>(), TimeProvider.System, (_, _) =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("::ffff:127.0.0.1"), IPAddress.Parse("10.0.0.1")]);
            })), isAllowed: false);
        (await Api.PutAsync($"{Hooks}/ops", $$"""{"url":"http://hooks.example.com:{{Receiver.Url.Port}}/hook"}""")).Expect(201);
        (await Api.PostAsync($"{Hooks}/ops/test", "")).Expect(202);

        var letter = await DeadAsync();

        Assert.Equal(("forbidden", 1), (Text(letter, "outcome"), letter["attempts"]!.GetValue<int>()));
        Assert.Equal(1, asked);
        Assert.Empty(Receiver.Received);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/hook")]
    [InlineData("http://localhost/hook")]
    [InlineData("http://LOCALHOST./hook")]
    [InlineData("http://[::1]/hook")]
    [InlineData("http://[::ffff:10.0.0.1]/hook")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://2130706433/hook")]
    [InlineData("http://0x7f.1/hook")]
    [InlineData("https://100.64.0.1/hook")]
    [InlineData("https://[fd12::1]/hook")]
    public async Task Url_OfAPrivateAddress_IsRefused(string url)
    {
        await StartAsync(isAllowed: false);

        (await Api.PutAsync($"{Hooks}/ops", $$"""{"url":"{{url}}"}""")).ExpectFieldError("url");

        (await Api.GetAsync($"{Hooks}/ops")).ExpectProblem(404);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "url")]
    [InlineData("""{"url":7}""", "url")]
    [InlineData("""{"url":"hooks.example.com"}""", "url")]
    [InlineData("""{"url":"ftp://hooks.example.com"}""", "url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "url")]
    [InlineData("""{"url":"https://me:secret@hooks.example.com"}""", "url")]
    [InlineData("""{"url":"https://hooks.example.com/#part"}""", "url")]
    [InlineData("""{"url":"https://hooks.example.com","events":[]}""", "events")]
    [InlineData("""{"url":"https://hooks.example.com","events":["campaign.deleted"]}""", "events[0]")]
    [InlineData("""{"url":"https://hooks.example.com","campaigns":["Spring!"]}""", "campaigns[0]")]
    [InlineData("""{"url":"https://hooks.example.com","enabled":"yes"}""", "enabled")]
    [InlineData("""{"url":"https://hooks.example.com","secret":"whsec_AAAA"}""", "secret")]
    [InlineData("""{"url":"https://hooks.example.com","url":"https://other.example.com"}""", "")]
    public async Task Document_ThatIsWrong_ChangesNothingAndIsCounted(string document, string field)
    {
        await StartAsync();
        await HookAsync("""["module.faded"]""");
        var before = (await Api.GetAsync($"{Hooks}/ops")).Expect(200).Text;

        (await Api.PutAsync($"{Hooks}/ops", document)).ExpectFieldError(field);

        Assert.Equal(before, (await Api.GetAsync($"{Hooks}/ops")).Expect(200).Text);
        await SeriesAsync("flywheel_webhook_documents_rejected_total 1");
    }

    [Theory]
    [InlineData("GET", "/nobody", 404)]
    [InlineData("DELETE", "/nobody", 404)]
    [InlineData("GET", "/nobody/deliveries", 404)]
    [InlineData("GET", "/nobody/dead-letters", 404)]
    [InlineData("POST", "/nobody/test", 404)]
    [InlineData("POST", "/nobody/replay", 404)]
    [InlineData("POST", "/nobody/secret", 404)]
    [InlineData("GET", "/No!", 404)]
    [InlineData("PUT", "/No!", 400)]
    public async Task Call_OfNoWebhook_SaysSo(string method, string path, int status)
    {
        await StartAsync();

        var problem = (await Api.SendAsync(HttpMethod.Parse(method), Hooks + path, method == "PUT" ? Api.Body("{}") : null)).ExpectProblem(status);

        Assert.True(status == 400 || problem["title"]!.GetValue<string>() == "No such webhook.", problem.ToJsonString());
    }

    [Fact]
    public async Task Webhooks_BeyondTheMost_AreRefused()
    {
        await StartAsync();
        for (var i = 0; i < WebhookDirectoryGrain.MostOfATenant; i++)
            (await Api.PutAsync($"{Hooks}/hook-{i}", Document())).Expect(201);

        (await Api.PutAsync($"{Hooks}/one-more", Document())).ExpectProblem(422);

        (await Api.PutAsync($"{Hooks}/hook-0", Document("\"enabled\":false"))).Expect(200);
        (await Api.DeleteAsync($"{Hooks}/hook-1")).Expect(204);
        (await Api.PutAsync($"{Hooks}/one-more", Document())).Expect(201);
        Assert.Equal(WebhookDirectoryGrain.MostOfATenant, (await Api.GetAsync(Hooks)).Expect(200).Json["webhooks"]!.AsArray().Count);
    }

    [Fact]
    public async Task Tenants_AreToldOfTheirOwnAloneByThoseWhoMayOperate()
    {
        var keys = new Keys(_data.File("keys.json"));
        foreach (var tenant in (string[])["acme", "globex"])
            keys.Add(tenant, "operate").Add(tenant, "read").Add(tenant, "serve");
        await using var engine = _engine = await Engine.StartAsync(_data, Customise, "--webhook-private", Allowed, "--api-keys", keys.Save().Path);
        using var acme = keys.For(engine.Url, "acme", "operate");
        using var globex = keys.For(engine.Url, "globex", "operate");
        using var reader = keys.For(engine.Url, "acme", "read");
        (await acme.PutAsync($"{Hooks}/ops", Document(path: "/acme"))).Expect(201);
        (await globex.PutAsync($"{Hooks}/ops", Document(path: "/globex"))).Expect(201);
        (await acme.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);

        (await acme.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);

        var first = (await Receiver.ReceivesAsync(all => all.Count > 0, "a message"))[0];
        Assert.Equal(("/acme", "spring"), (first.Path, Text(first.Data, "campaign")));
        Assert.DoesNotContain("acme", first.Body, StringComparison.Ordinal);
        (await globex.PostAsync($"{Hooks}/ops/test", "")).Expect(202);
        var all = await Receiver.ReceivesAsync(all => all.Any(each => each.Path == "/globex"), "the other's test");
        Assert.Equal(["webhook.test"], all.Where(each => each.Path == "/globex").Select(each => each.Type));
        (await globex.DeleteAsync($"{Hooks}/ops")).Expect(204);
        Assert.Single((await acme.GetAsync(Hooks)).Expect(200).Json["webhooks"]!.AsArray());
        Assert.Empty((await globex.GetAsync(Hooks)).Expect(200).Json["webhooks"]!.AsArray());
        (await reader.GetAsync(Hooks)).ExpectProblem(403);
        (await reader.GetAsync($"{Hooks}/ops/deliveries")).ExpectProblem(403);
        (await reader.PostAsync($"{Hooks}/ops/test", "")).ExpectProblem(403);
    }

    [Fact]
    public async Task Webhook_OfSomeCampaigns_IsToldOfNoOther()
    {
        await StartAsync();
        (await Api.PutAsync($"{Hooks}/ops", Document("\"campaigns\":[\"spring\"]"))).Expect(201);
        foreach (var campaign in (string[])["autumn", "spring"])
        {
            (await Api.PutAsync($"/v1/campaigns/{campaign}", Wire.Spring)).Expect(201);
            (await Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
            await Eventually.ReadsAsync(async () => (await Api.GetAsync($"/v1/campaigns/{campaign}/proposals")).Expect(200).Json["proposals"]!.AsArray(), found => found.Count > 0, "a proposal", found => found.ToJsonString());
        }

        await Receiver.ReceivesAsync(all => all.Count > 0, "the proposal of spring");
        await TestBarrierAsync();

        Assert.Equal(["spring"], Receiver.Received.Where(each => each.Path == "/hook").Select(each => Text(each.Data, "campaign")));
    }

    private static void Customise(IServiceCollection services) => services.AddSingleton(Hasty);

    private async Task StartAsync(Action<IServiceCollection>? customise = null, bool isAllowed = true) =>
        _engine = await Engine.StartAsync(_data, Customise + customise, isAllowed ? ["--webhook-private", Allowed] : []);

    private string Document(string rest = "", string path = "/hook") =>
        $$"""{"url":"{{new Uri(Receiver.Url, path)}}"{{(rest.Length == 0 ? "" : "," + rest)}}}""";

    /// <summary>Makes the webhook <c>ops</c>; returns its secret.</summary>
    private async Task<string> HookAsync(string? events = null) =>
        Text((await Api.PutAsync($"{Hooks}/ops", Document(events is null ? "" : $"\"events\":{events}"))).Expect(201).Json, "secret");

    /// <summary>The one dead letter, once there is one.</summary>
    private async Task<JsonNode> DeadAsync() => (await Eventually.ReadsAsync(
        async () => (await Api.GetAsync($"{Hooks}/ops/dead-letters")).Expect(200).Json["deadLetters"]!.AsArray(), letters => letters.Count == 1, "a dead letter", letters => letters.ToJsonString()))[0]!;

    private Task TestBarrierAsync() => WatchRounds.PassAsync(Api, Receiver);

    private Task<List<string>> SeriesAsync(params string[] expected) => Eventually.ReadsAsync(
        async () => (await Api.GetAsync("/metrics")).Expect(200).Text.Split('\n').Where(line => line.StartsWith("flywheel_webhook", StringComparison.Ordinal)).ToList(),
        series => expected.All(series.Contains), string.Join(", ", expected), series => string.Join(", ", series));

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
