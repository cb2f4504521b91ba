using System.Globalization;
using Flywheel.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Flywheel.Cli.Watch;

/// <summary>A table of the segments with the most traffic, as many as there is room for.</summary>
/// <param name="height">Lines that there is room for, asked each time, since terminals are resized.</param>
/// <param name="end">What ends it, for the last line.</param>
/// <param name="draw">Draws it, over the last one where that is possible.</param>
internal sealed class TableView(Func<int> height, string end, Action<IRenderable> draw) : IWatchView
{
    private const int BarWidth = 16;

    /// <summary>Lines besides the segments: title, status, what was left out, and the cursor's.</summary>
    private const int Frame = 5;

    /// <summary>Lines of a segment besides its modules: its heading, the names of the columns and a blank.</summary>
    private const int Heading = 3;

    public void Show(WatchState state, WatchNews news) => draw(Render(state));

    private Rows Render(WatchState state)
    {
        var rows = new List<IRenderable> { Title(state) };
        if (state.Scores is { } scores)
        {
            var busiest = scores.Segments.OrderByDescending(segment => segment.Decisions).ToList();
            var shown = Fitting(busiest);
            foreach (var segment in shown)
                rows.AddRange(Render(state, segment));
            if (shown.Count < busiest.Count)
                rows.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"{busiest.Count - shown.Count} more segments with less traffic; --segment ID shows one of them")));
        }
        rows.Add(Status(state));
        return new Rows(rows);
    }

    private List<SegmentScores> Fitting(List<SegmentScores> busiest)
    {
        var (left, shown) = (height() - Frame, new List<SegmentScores>());
        foreach (var segment in busiest)
        {
            left -= Heading + segment.Slots.Sum(slot => slot.Modules.Count);
            if (left < 0 && shown.Count > 0)
                break;
            shown.Add(segment);
        }
        return shown;
    }

    private static Markup Title(WatchState state)
    {
        var simulated = state.Scores is { Simulation: true } ? " [black on yellow] SIMULATED AUDIENCE [/]" : "";
        var overall = state.Experiment is { } experiment ? $"  {Coloured(experiment.Overall)}" : "";
        return new Markup($"[bold]{Markup.Escape(state.Scores?.Campaign ?? "")}[/]{simulated}{overall}");
    }

    private static IEnumerable<IRenderable> Render(WatchState state, SegmentScores segment)
    {
        yield return new Markup($"[bold]{Markup.Escape(segment.Id)}[/]  {Figures.Count(segment.Decisions)} decisions, {Figures.Count(segment.Impressions)} impressions  {Coloured(state.ReadingOf(segment.Id))}");
        var table = new Table().Border(TableBorder.None).AddColumns("[dim]slot[/]", "[dim]module[/]", "[dim]share[/]", "", "[dim]rate (95 %)[/]", "[dim]resonance (95 %)[/]", "", "[dim]best[/]", "[dim]state[/]");
        foreach (var slot in segment.Slots)
        {
            foreach (var module in slot.Modules.OrderByDescending(module => module.Share))
            {
                var (share, resonance) = state.Movement.Of(segment.Id, slot.Id, module);
                var bar = new string('█', (int)Math.Round(Math.Clamp(module.Share, 0, 1) * BarWidth)).PadRight(BarWidth, '·');
                table.AddRow(
                    Markup.Escape(slot.Id), Markup.Escape(module.Id), $"{bar} {Figures.Share(module.Share),7}", Coloured(share), Markup.Escape(Figures.Rate(module.Rate)),
                    Markup.Escape(Figures.Resonance(module.Resonance)), Coloured(resonance), module.ProbabilityBest.ToString("P0", CultureInfo.InvariantCulture), State(module.State));
            }
        }
        yield return table;
        yield return new Text("");
    }

    private Markup Status(WatchState state) => state switch
    {
        { Lost: { } lost } => new Markup(string.Create(CultureInfo.InvariantCulture, $"[yellow]reconnecting in {lost.RetryIn?.TotalSeconds:0.0} s:[/] {Markup.Escape(lost.Reason ?? "")}")),
        { Scores: { } scores } => new Markup($"[dim]as of {Figures.Time(scores.AsOf)} UTC{end}[/]"),
        _ => new Markup("[dim]waiting for the first scores[/]"),
    };

    private static string Coloured(int way) => way switch
    {
        > 0 => $"[green]{Figures.Arrow(way)}[/]",
        < 0 => $"[red]{Figures.Arrow(way)}[/]",
        _ => " ",
    };

    private static string Coloured(ExperimentReading? reading) => reading is null ? "" : $"[{ColourOf(reading.Verdict)}]{Markup.Escape(Figures.Verdict(reading))}[/]";

    private static string ColourOf(string verdict) => verdict switch
    {
        "winning" => "green",
        "losing" or "unhealthy" => "red",
        _ => "dim",
    };

    private static string State(string state) => state switch
    {
        "rising" => $"[green]{state}[/]",
        "fatigued" => $"[red]{state}[/]",
        _ => Markup.Escape(state),
    };
}
