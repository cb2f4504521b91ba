using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Flywheel.Cli.Watch;

/// <summary>A table of the segments with the most traffic, as many as there is room for.</summary>
/// <param name="height">Lines that there is room for, asked each time, since terminals are resized.</param>
/// <param name="width">Columns that there are, asked each time likewise.</param>
/// <param name="end">What ends it, for the last line.</param>
/// <param name="draw">Draws it, over the last one where that is possible.</param>
internal sealed class TableView(Func<int> height, Func<int> width, string end, Action<IRenderable> draw) : IWatchView
{
    private const string Between = "  ";

    /// <summary>Lines besides the segments: title, status, what was left out, and the cursor's.</summary>
    private const int Frame = 5;

    /// <summary>Lines of a segment besides its modules: its heading, the names of the columns and a blank.</summary>
    private const int Headings = 3;

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
                rows.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"{Words.Count(busiest.Count - shown.Count, "segment")} more with less traffic; --segment ID shows one of them")));
        }
        rows.Add(Status(state));
        return new Rows(rows);
    }

    private List<SegmentScores> Fitting(List<SegmentScores> busiest)
    {
        var (left, shown) = (height() - Frame, new List<SegmentScores>());
        foreach (var segment in busiest)
        {
            left -= Headings + segment.Slots.Sum(slot => slot.Modules.Count);
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
        return new Markup($"[bold]{Terminal.Escape(state.Scores?.Campaign ?? "")}[/]{simulated}{overall}");
    }

    private IEnumerable<IRenderable> Render(WatchState state, SegmentScores segment)
    {
        yield return Heading(segment, state.ReadingOf(segment.Id));
        yield return new ModuleTable(state, segment, width()).Render();
        yield return new Text("");
    }

    /// <summary>On one line: where there is no room for all of it, without the impressions, or without the verdict's lift.</summary>
    private Markup Heading(SegmentScores segment, ExperimentReading? reading)
    {
        var (decisions, impressions) = (Words.Count(segment.Decisions, "decision"), $", {Words.Count(segment.Impressions, "impression")}");
        var left = width() - Visible.Of(segment.Id).Length - decisions.Length - Figures.Verdict(reading).Length - 2 * Between.Length;
        if (left < impressions.Length)
            impressions = "";
        return new Markup($"[bold]{Terminal.Escape(segment.Id)}[/]{Between}{decisions}{impressions}{Between}{Coloured(left < 0 && reading is not null ? reading with { Lift = null } : reading)}");
    }

    private Markup Status(WatchState state) => state switch
    {
        { Lost: { } lost } => new Markup(string.Create(CultureInfo.InvariantCulture, $"[yellow]reconnecting in {lost.RetryIn?.TotalSeconds:0.0} s:[/] {Terminal.Escape(lost.Reason ?? "")}")),
        { Scores: { } scores } => new Markup($"[dim]as of {Figures.Time(scores.AsOf)} UTC{end}[/]"),
        _ => new Markup("[dim]waiting for the first scores[/]"),
    };

    private static string Coloured(ExperimentReading? reading) => reading is null ? "" : $"[{ColourOf(reading.Verdict)}]{Terminal.Escape(Figures.Verdict(reading))}[/]";

    private static string ColourOf(string verdict) => verdict switch
    {
        "winning" => "green",
        "losing" or "unhealthy" => "red",
        _ => "dim",
    };
}
