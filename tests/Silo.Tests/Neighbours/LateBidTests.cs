using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.OpenRtb;
using Flywheel.Silo.Tests.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>A bid that would come too late is none, and is not decided.</summary>
public sealed class LateBidTests(Engine engine) : EngineTest(engine)
{
    private const int Requests = 20;

    [Fact]
    public async Task Bidder_WhereTimeIsUpOnceAllIsChosen_DecidesNothing()
    {
        await PutAsync(NativeBids.Document);
        var campaign = Engine.Services.GetRequiredService<CampaignReplica>().Find(Campaign)!;
        var bidder = Engine.Services.GetRequiredService<Bidder>();
        var request = BidRequest.Read(System.Text.Encoding.UTF8.GetBytes(NativeBids.Request("mobile-app", NativeBids.Title(90)).ToJsonString()), out _)!;
        var asked = 0;

        Assert.Empty(bidder.BidsFor(request, campaign, "http://127.0.0.1", () => ++asked == 1, out var reason));
        Assert.Equal((NoBid.Late, 1), (reason, asked));
        Assert.Single(bidder.BidsFor(request, campaign, "http://127.0.0.1", () => false, out _));

        // Decisions are told one after the other, so that one that was counted before would be there too.
        Assert.Equal(1, (await SettledAsync(1)).Segments.Sum(segment => segment.Decisions));
    }

    /// <summary>Each look at the clock takes 60 ms there: the time is not up before anything is chosen, and it is afterwards.</summary>
    [Fact]
    public async Task Bid_WhereTmaxIsUpOnceAllIsChosen_IsNoneAndIsNotCounted()
    {
        await using var own = await Engine.StartAsync(customise: services => services.AddSingleton<TimeProvider>(new SlowTime(TimeSpan.FromMilliseconds(60))));
        (await own.Api.PutAsync("/v1/campaigns/spring", NativeBids.Document)).Expect(201);
        var request = NativeBids.Request("mobile-app", NativeBids.Title(90));
        request["tmax"] = 100;

        for (var i = 0; i < Requests; i++)
        {
            var answer = (await own.Api.PostAsync("/openrtb/2.6/bid/spring", request.ToJsonString())).Expect(200);
            Assert.Equal((15, 0), (answer.Json["nbr"]!.GetValue<int>(), NativeBids.Check(request, answer.Json)));
            Assert.StartsWith("late; tmax: came 100;", Assert.Single(answer.Headers.GetValues(OpenRtbEndpoints.ReasonHeader)), StringComparison.Ordinal);
        }

        Assert.Equal(Requests, await own.Api.MetricAsync("flywheel_openrtb_requests_total{outcome=\"late\"}"));
        Assert.Equal(0, await DecidedAsync());
        request.Remove("tmax");
        Assert.Equal(1, NativeBids.Check(request, (await own.Api.PostAsync("/openrtb/2.6/bid/spring", request.ToJsonString())).Expect(200).Json));
        Assert.Equal(1, await DecidedAsync());

        async Task<double> DecidedAsync() => await own.Api.MetricAsync("flywheel_decisions_total{reason=\"fallback\"}")
            + await own.Api.MetricAsync("flywheel_decisions_total{reason=\"learned\"}") + await own.Api.MetricAsync("flywheel_decisions_total{reason=\"control\"}");
    }

    /// <summary>The system's clock, but that each look at the time that has gone by takes a while.</summary>
    private sealed class SlowTime(TimeSpan look) : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Increment(ref _looks) * (long)(look.TotalSeconds * TimestampFrequency));
    }
}
