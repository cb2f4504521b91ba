using Flywheel.Client;
using Flywheel.Silo.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Flywheel.Silo.Demo;

/// <summary>
/// The demo: a campaign of real headlines and a simulated audience that comes through the public endpoints like anyone else.
/// Each visitor clicks with the rate that real readers gave the headline, and tires of the best one after a minute
/// (<see cref="SimulatedAudience"/>); the engine is told nothing but the clicks. The campaign is marked as a simulation wherever it shows, and may be deleted like any other, which ends the demo.
/// </summary>
internal sealed partial class DemoService(
    FlywheelOptions options, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DemoService> logger) : BackgroundService
{
    public const string Campaign = "demo";

    private const string Slot = "headline";
    private const int VisitorsATick = 100;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever becomes of the demo (its campaign may be replaced like any other), the engine goes on.
            LogEnded(e);
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        var test = HeadlineTest.LoadAll()[options.DemoTest - 1];
        var url = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var http = new HttpClient { BaseAddress = url };
        // Once the engine stops it hears nobody: what the audience still had to say goes with it.
        await using var client = new FlywheelClient(http, new FlywheelClientOptions { DisposeTimeout = TimeSpan.FromMilliseconds(200) });
        if (!await IsThereAsync(client, test, stoppingToken))
            await client.PutCampaignAsync(Campaign, Describe(test), stoppingToken);
        PrintWhereToLook(url);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] parts = [VisitAsync(client, test, ended), new DemoTable(test, logger).WatchAsync(client, ended.Token)];
        await Task.WhenAny(parts);
        await ended.CancelAsync();
        await Task.WhenAll(parts);
    }

    /// <summary>Whether the campaign is there from an earlier start, with what people have approved since.</summary>
    private static async Task<bool> IsThereAsync(FlywheelClient client, HeadlineTest test, CancellationToken cancellationToken) =>
        await client.GetCampaignAsync(Campaign, cancellationToken) is { Slots: [var slot], Governance: not null }
        && slot.Modules.Any(module => test.Headlines.Any(headline => module.Content.GetValueOrDefault("text") == headline.Text));

    private static Campaign Describe(HeadlineTest test) => new()
    {
        Name = "Demo: real headlines, simulated audience",
        Simulation = true,
        Slots = [new Slot(Slot, [.. test.Headlines.Select((headline, i) => Module.Text($"h{i + 1}", headline.Text))]) { Kind = "text" }],
        Rewards = new Dictionary<string, Reward> { ["click"] = 1 },
        // More than a campaign would spare: what the others earn meanwhile tells a headline that fades from an audience that has left.
        Policy = new Policy { Control = 0.3 },
        Brief = new Brief { Brand = "Flywheel", Objective = "more readers", Tone = ["curious"], Language = "en" },
        Governance = new Governance { Mode = "approve", ChallengerShare = 0.2 },
    };

    /// <summary>Visitors come at a steady pace: each asks for a decision, sees it, and clicks or does not.</summary>
    private async Task VisitAsync(FlywheelClient client, HeadlineTest test, CancellationTokenSource ended)
    {
        var random = new Random(1);
        var (audience, came, isTired) = (new SimulatedAudience(test), time.GetTimestamp(), false);
        var visitors = Enumerable.Repeat(new DecisionRequest(Campaign), VisitorsATick).ToArray();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                var decisions = await client.DecideManyAsync(visitors, ended.Token);
                if (decisions.All(result => result.Status == StatusCodes.Status404NotFound))
                    break;
                var elapsed = time.GetElapsedTime(came);
                if (!isTired && elapsed >= SimulatedAudience.TiresAfter)
                {
                    isTired = true;
                    LogTired(audience.Favourite);
                }
                foreach (var decision in decisions.Select(result => result.Decision).OfType<Decision>())
                {
                    client.Track(Signal.Impression(decision.DecisionId));
                    if (random.NextDouble() < audience.RateOf(decision.Variant[Slot].Module, elapsed))
                        client.Track(Signal.Click(decision.DecisionId));
                }
            }
            LogDeleted(Campaign);
        }
        catch (Exception e) when (e is OperationCanceledException or FlywheelException && ended.IsCancellationRequested)
        {
            // The engine stops, and the audience with it.
        }
    }

    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private static void PrintWhereToLook(Uri url)
    {
        Console.WriteLine();
        Console.WriteLine("Flywheel demo: SIMULATION. Real headlines (Upworthy Research Archive, CC BY 4.0); the audience is simulated");
        Console.WriteLine("and clicks with each headline's real rate, through the public endpoints.");
        Console.WriteLine($"  engine   {url}");
        Console.WriteLine($"  decide   curl -s {url}v1/decisions -d '{{\"campaign\":\"{Campaign}\"}}'");
        Console.WriteLine($"  stream   curl -sN {url}v1/campaigns/{Campaign}/scores/stream");
        Console.WriteLine("  A minute in, the audience tires of the best headline: the agents see it fade and propose another.");
        Console.WriteLine($"  propose  curl -s '{url}v1/campaigns/{Campaign}/proposals?status=pending'");
        Console.WriteLine($"  approve  curl -X POST {url}v1/campaigns/{Campaign}/proposals/ID/approve   (the ID of that proposal)");
        Console.WriteLine($"  history  curl -s {url}v1/campaigns/{Campaign}/history");
        Console.WriteLine($"  end it   curl -X DELETE {url}v1/campaigns/{Campaign}   (or Ctrl+C)");
        Console.WriteLine();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo has ended; the engine goes on")]
    private partial void LogEnded(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "[simulation] The audience has tired of {Module}: from now on it clicks half as often")]
    private partial void LogTired(string module);

    [LoggerMessage(Level = LogLevel.Information, Message = "The campaign {Campaign} was deleted; the simulated audience went home")]
    private partial void LogDeleted(string campaign);
}
