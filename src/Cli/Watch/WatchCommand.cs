using System.CommandLine;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Watch;

/// <summary><c>flywheel watch CAMPAIGN</c>: what resonates now, in a table that one leaves open.</summary>
internal static class WatchCommand
{
    private static readonly FlywheelClientOptions Options = new()
    {
        InitialRetryDelay = TimeSpan.FromMilliseconds(500),
        MaxRetryDelay = TimeSpan.FromSeconds(5),
        // The engine says something every 15 s.
        StreamIdleTimeout = TimeSpan.FromSeconds(40),
    };

    public static Command Create()
    {
        var campaign = new Argument<string>("campaign") { Description = "The campaign." };
        var segment = new Option<string?>("--segment") { Description = "That one alone." };
        var once = new Option<bool>("--once") { Description = "Show it as it is now, and end." };
        var command = new Command("watch", "Show live what resonates: shares, rates, resonance, verdicts. A table on a terminal, a line a change in a pipe. Ctrl-C ends it.")
        {
            campaign, segment, once, EngineAddress.Url, EngineAddress.Key,
        };
        Verb.Run(command, async (parsed, cancellationToken) =>
        {
            await using var engine = EngineAddress.OpenClient(parsed, Options);
            var id = EngineAddress.Checked(parsed.GetRequiredValue(campaign));
            var asked = parsed.GetValue(segment);
            // What cannot work is said at once; from then on an engine that goes away is waited for.
            var known = await engine.Api.GetScoresAsync(id, cancellationToken);
            if (asked is not null && known.Segments.All(each => each.Id != asked))
                throw new InvalidDataException($"--segment: came {asked}; expected one of {string.Join(", ", known.Segments.Select(each => each.Id))}");
            if (parsed.GetValue(once))
                return await ShowOnceAsync(engine.Api, known with { Segments = [.. known.Segments.Where(each => asked is null || each.Id == asked)] }, parsed, cancellationToken);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, OutputReader.UntilGone());
            return await WatchAsync(new WatchFeed(engine.Api, id, asked), parsed, id, enough.Token);
        });
        return command;
    }

    private static async Task<int> ShowOnceAsync(FlywheelClient engine, Scores scores, ParseResult parsed, CancellationToken cancellationToken)
    {
        var experiment = await engine.GetExperimentAsync(scores.Campaign, cancellationToken: cancellationToken);
        if (Output.IsJson(parsed))
        {
            Output.Write(new { scores, experiment });
            return ExitCodes.Done;
        }
        var state = new WatchState();
        state.Apply(new WatchNews { Experiment = experiment });
        state.Apply(new WatchNews { Scores = scores });
        new TableView(() => int.MaxValue, () => Terminal.Out.Profile.Width, "", Terminal.Out.Write).Show(state, new WatchNews { Scores = scores });
        return ExitCodes.Done;
    }

    private static async Task<int> WatchAsync(WatchFeed feed, ParseResult parsed, string campaign, CancellationToken cancellationToken)
    {
        var isEnded = Output.IsJson(parsed) || !Terminal.CanRedraw
            ? await ShowAllAsync(feed, Output.IsJson(parsed) ? new JsonView() : new LineView(), cancellationToken)
            : await Terminal.Out.Live(new Text("waiting for the first scores")).StartAsync(live => ShowAllAsync(feed, new TableView(() => Terminal.Out.Profile.Height, () => Terminal.Out.Profile.Width, ", Ctrl-C ends it", table =>
            {
                live.UpdateTarget(table);
                live.Refresh();
            }), cancellationToken));
        return isEnded ? throw new EngineRefusal($"{campaign} is gone: it was deleted", ExitCodes.Refused) : ExitCodes.Done;
    }

    /// <returns>True where the campaign is gone, false where the person has seen enough, or what read it has.</returns>
    private static async Task<bool> ShowAllAsync(WatchFeed feed, IWatchView view, CancellationToken cancellationToken)
    {
        var state = new WatchState();
        try
        {
            await foreach (var news in feed.ReadAsync(cancellationToken))
            {
                state.Apply(news);
                view.Show(state, news);
            }
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
