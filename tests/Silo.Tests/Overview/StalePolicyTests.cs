using System.Text.Json.Nodes;
using Flywheel.Signals;
using Flywheel.Silo.Tests.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Overview;

/// <summary>Whether policies learn of the decisions that are served, on an engine whose clock a test steps.</summary>
public sealed class StalePolicyTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly SteppedTime _time = new();
    private WaitingStore _store = null!;
    private Engine _engine = null!;

    private Api Api => _engine.Api;

    public async ValueTask InitializeAsync()
    {
        _engine = await Engine.StartAsync(customise: services =>
        {
            _store = new WaitingStore((ISignalStore)services.Last(service => service.ServiceType == typeof(ISignalStore)).ImplementationInstance!);
            services.AddSingleton<ISignalStore>(_store).AddSingleton<TimeProvider>(_time);
        });
        (await Api.PutAsync("/v1/campaigns/spring", Wire.Campaign([2]))).Expect(201);
        await LineAsync(_ => true, "the campaign");
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Traffic_ThatEndsAndBeginsAgain_MakesNoPolicyStale()
    {
        var decisions = 0;
        for (var times = 1; times <= 3; times++)
        {
            await Eventually.ReadsAsync(
                async () =>
                {
                    decisions += (await Api.DecideManyAsync("spring", 200)).Count;
                    return await LineAsync(_ => true, "the campaign");
                },
                line => line["decisionsPerSecond"]!.GetValue<double>() > 0, "a rate", line => line.ToJsonString());
            await LineAsync(line => line["decisions"]!.GetValue<long>() == decisions, $"{decisions} decisions");
            _time.Step(Long);

            // The rate falls from look to look, and each of these lines is made anew.
            var seen = new HashSet<double>();
            await LineAsync(
                line =>
                {
                    Assert.Empty(line["problems"]!.AsArray());
                    seen.Add(line["decisionsPerSecond"]!.GetValue<double>());
                    return seen.Count >= 3;
                },
                "three rates");
        }
    }

    [Fact]
    public async Task Decisions_ThatNoPolicyLearnsOf_MakeItStaleUntilOneDoes()
    {
        _store.Trouble = "scripted";
        await Api.DecideManyAsync("spring", 1_000);

        // How long they wait is known once they were seen to.
        await Eventually.ReadsAsync(
            async () =>
            {
                _time.Step(Long);
                return (await Api.GetAsync("/v1/overview")).Expect(200).Json["campaigns"]![0]!;
            },
            line => line["problems"]!.ToJsonString() == """["stalePolicy"]""", "a stale policy", line => line.ToJsonString());

        _store.Trouble = null;
        await LineAsync(line => line["decisions"]!.GetValue<long>() == 1_000 && line["problems"]!.AsArray().Count == 0, "a policy that is fresh");
    }

    private Task<JsonNode> LineAsync(Func<JsonNode, bool> holds, string expected) => Eventually.ReadsAsync(
        async () => (await Api.GetAsync("/v1/overview")).Expect(200).Json["campaigns"]!.AsArray().SingleOrDefault() ?? new JsonObject(),
        line => line["id"] is not null && holds(line), expected, line => line.ToJsonString());
}
