using System.Globalization;
using System.Text;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Kafka;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Fuzz.Tests;

/// <summary>Whatever body comes over HTTP, the engine answers, never with a fault of its own, and its ledger balances.</summary>
public sealed class EngineTests(Engine engine, ITestOutputHelper output) : IClassFixture<Engine>
{
    private const int MaxErrorChars = 4_000;

    private static readonly Dictionary<string, (HttpMethod Method, string Path, string Type, byte[][] Samples)> Routes = new(StringComparer.Ordinal)
    {
        ["campaign"] = (HttpMethod.Put, "/v1/campaigns/spring", "application/json", Samples.Campaigns),
        ["status"] = (HttpMethod.Patch, "/v1/campaigns/spring", "application/json", ["{\"status\":\"live\"}"u8.ToArray()]),
        ["decision"] = (HttpMethod.Post, "/v1/decisions", "application/json", Samples.Decisions),
        ["batch"] = (HttpMethod.Post, "/v1/decisions/batch", "application/json", [[.. "{\"decisions\":["u8, .. Samples.Decisions[0], (byte)',', .. Samples.Decisions[1], .. "]}"u8]]),
        ["signals"] = (HttpMethod.Post, "/v1/signals", "application/json", [.. Samples.Signals, [(byte)'[', .. Samples.Signals[0], (byte)',', .. Samples.Signals[1], (byte)']']]),
        ["lines"] = (HttpMethod.Post, "/v1/signals", Api.Lines, [[.. Samples.Signals[0], (byte)'\n', .. Samples.Signals[1]], Samples.Bodies[1]]),
        ["served"] = (HttpMethod.Post, "/v1/decisions/served", "application/json", []),
        ["comment"] = (HttpMethod.Post, "/v1/campaigns/spring/proposals/p-1/reject", "application/json", ["{\"comment\":\"too loud\"}"u8.ToArray()]),
        ["events"] = (HttpMethod.Post, "/v1/signals", "application/cloudevents-batch+json", [[(byte)'[', .. OutsideParsers.Events[0], (byte)',', .. OutsideParsers.Events[1], (byte)']']]),
        ["flag"] = (HttpMethod.Post, "/ofrep/v1/evaluate/flags/spring.headline", "application/json", OutsideParsers.Contexts),
        ["flags"] = (HttpMethod.Post, "/ofrep/v1/evaluate/flags", "application/json", OutsideParsers.Contexts),
        ["edit"] = (HttpMethod.Post, "/v1/campaigns/spring/proposals/p-1/edit", "application/json", Samples.Edits),
        ["assistant"] = (HttpMethod.Post, "/mcp", "application/json", MessageParsers.Calls),
    };

    public static TheoryData<string> Names => [.. Routes.Keys];

    /// <summary>What is read from Kafka, checked against a live campaign: a signal is taken, or rejected with a word of what is wrong.</summary>
    [Fact]
    public async Task Message_NearlyRight_IsTakenOrRejected()
    {
        (await engine.Api.PutAsync("/v1/campaigns/kafka", Encoding.UTF8.GetString(Samples.Campaigns[0]).Replace("\"id\":\"spring\"", "\"id\":\"kafka\"", StringComparison.Ordinal))).Expect(201);
        var services = engine.Services;
        var (replica, missed, keys) = (services.GetRequiredService<CampaignReplica>(), services.GetRequiredService<MissedCampaigns>(), services.GetRequiredService<TokenKeys>());
        var position = new SourcePosition("kafka/flywheel/shop/0", Enumerable.Repeat(SourcePosition.None, replica.Partitions));
        var (accepted, rejected) = (0L, 0L);

        var inputs = await Fuzzing.RunAsync("engine-kafka", [.. MessageParsers.Messages.Select(ToKafka)], input =>
        {
            var intake = new MessageIntake(position, isThere => new SignalIntake(replica, missed, keys, TimeProvider.System, CampaignKeys.DefaultTenant) { IsThere = isThere });
            intake.Take(MessageParsers.MessageOf(input));
            Assert.All(intake.Rejected, each => Assert.InRange(each.Error.Length, 1, MaxErrorChars));
            Assert.Equal(intake.Accepted, intake.Entries().Sum(entry => entry.Signals));
            (accepted, rejected) = (accepted + intake.Accepted, rejected + intake.Rejected.Count);
            return Task.CompletedTask;
        });

        output.WriteLine($"kafka: {inputs.ToString("N0", CultureInfo.InvariantCulture)} inputs; accepted: {accepted}, rejected: {rejected}");
        // One alone is one of them.
        Assert.True(inputs == 1 || (accepted > 0 && rejected > 0));
    }

    private static byte[] ToKafka(byte[] message) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message).Replace("\"spring\"", "\"kafka\"", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Body_NearlyRight_IsAnsweredWithoutAFaultOfTheEngine(string name)
    {
        var (method, path, type, samples) = Routes[name];
        // Another case may have left it with more modules than a campaign can have in its life.
        Assert.Contains((await engine.Api.DeleteAsync("/v1/campaigns/spring")).Status, (int[])[204, 404]);
        (await engine.Api.PutAsync("/v1/campaigns/spring", Encoding.UTF8.GetString(Samples.Campaigns[0]))).Expect(201);
        if (name == "served")
        {
            var lease = (await engine.Api.SendAsync(HttpMethod.Post, "/v1/campaigns/spring/lease")).Expect(200).Json["lease"]!.GetValue<string>();
            samples = [Encoding.UTF8.GetBytes($$"""{"lease":"{{lease}}","rows":[{"number":0,"segment":"young-urban","channel":"email","learned":3,"control":1,"assigned":4,"assignedControl":1,"expectedControlMicros":200000}]}""")];
        }
        var statuses = new SortedDictionary<int, long>();

        var inputs = await Fuzzing.RunAsync($"engine-{name}", samples, async body =>
        {
            using var request = new HttpRequestMessage { Content = Api.Body(body, type) };
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            var answer = await engine.Api.SendAsync(request, method, path);
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            Assert.True(answer.Status is < 500 or 503, $"came {answer.Status}: {answer.Text}");
            // OFREP and MCP have errors of their own.
            if (answer.Status >= 400)
                Assert.Equal(path.StartsWith("/v1/", StringComparison.Ordinal) ? "application/problem+json" : "application/json", answer.ContentType);
        });

        output.WriteLine($"{name}: {inputs.ToString("N0", CultureInfo.InvariantCulture)} inputs; {string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}"))}");
        // A tool that fails is told in an answer that is none.
        Assert.DoesNotMatch("flywheel_mcp_calls_total\\{[^}]*outcome=\"failed\"\\} [1-9]", (await engine.Api.GetAsync("/metrics")).Expect(200).Text);
        if ((await engine.Api.GetAsync("/v1/campaigns/spring/scores")) is { Status: 200 } scores)
        {
            var ledger = scores.Read<ScoreDocument>().Ledger;
            Assert.Equal(ledger.Accepted, ledger.Counted + ledger.Duplicate + ledger.Late + ledger.Quarantined);
        }
    }
}
