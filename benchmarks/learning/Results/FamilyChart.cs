using System.Globalization;

namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>
/// A dot plot: a row a family, in it a lane for each rival and one for the learner, dots at the means with their 95 %
/// intervals, a tick at the target. Colour and shape both tell the rivals apart.
/// </summary>
internal sealed class FamilyChart
{
    private const double Width = 900;
    private const double Left = 130;
    private const double Right = 880;
    private const double Lane = 7;
    private const double RowPadding = 10;
    private const double LegendColumn = 150;
    private const double LegendLine = 22;
    private const int LegendColumns = 5;
    private const double GridPercent = 20;
    private const double DotRadius = 3.2;
    private const double LearnerRadius = 6;

    // Paul Tol's muted scheme, which stays apart for the colour-blind; lightened for dark pages.
    private const string Style = """
        text { font: 13px system-ui, sans-serif; fill: #24292f }
        .heading { font-size: 16px; font-weight: 600 }
        .row { font-weight: 600 }
        .note { font-size: 12px; fill: #57606a }
        .page { fill: #ffffff }
        .band { fill: #f3f5f7 }
        .grid { stroke: #d0d7de }
        .whisker { stroke-width: 1.2; opacity: .75 }
        .learner { fill: #cf222e; stroke: #cf222e }
        .learner .whisker { stroke-width: 2.5; opacity: 1 }
        .target { stroke: #24292f; stroke-width: 2.5 }
        .r0 { fill: #332288; stroke: #332288 } .r1 { fill: #117733; stroke: #117733 } .r2 { fill: #88ccee; stroke: #4499bb }
        .r3 { fill: #44aa99; stroke: #44aa99 } .r4 { fill: #999933; stroke: #999933 } .r5 { fill: #ddcc77; stroke: #b09a30 }
        .r6 { fill: #aa4499; stroke: #aa4499 } .r7 { fill: #882255; stroke: #882255 } .r8 { fill: #8c959f; stroke: #8c959f }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .note { fill: #9198a1 }
        .page { fill: #0d1117 }
        .band { fill: #161b22 }
        .grid { stroke: #30363d }
        .learner { fill: #ff7b72; stroke: #ff7b72 }
        .target { stroke: #e6edf3 }
        .r0 { fill: #8f83d8; stroke: #8f83d8 } .r1 { fill: #4fae6c; stroke: #4fae6c } .r2 { fill: #88ccee; stroke: #88ccee }
        .r3 { fill: #44aa99; stroke: #44aa99 } .r4 { fill: #b5b54a; stroke: #b5b54a } .r5 { fill: #ddcc77; stroke: #ddcc77 }
        .r6 { fill: #cc77bb; stroke: #cc77bb } .r7 { fill: #c4688f; stroke: #c4688f } .r8 { fill: #8c959f; stroke: #8c959f }
        }
        """;

    private readonly IReadOnlyList<string> _rivals;
    private readonly IReadOnlyList<FamilyResult> _families;
    private readonly double _least;
    private readonly double _top;
    private readonly double _rowHeight;
    private readonly SvgWriter _svg;

    private FamilyChart(int seeds, IReadOnlyList<string> rivals, IReadOnlyList<FamilyResult> families)
    {
        (_rivals, _families) = (rivals, families);
        var lowest = families.SelectMany(family => family.Rivals.Append(family.Learner)).Min(one => one.Headroom.Mean);
        _least = Math.Max(-100, Math.Min(0, Math.Floor(lowest / GridPercent) * GridPercent));
        _top = 66 + LegendLine * ((rivals.Count + 1) / LegendColumns + 1);
        _rowHeight = Lane * (rivals.Count + 2) + 2 * RowPadding;
        _svg = new SvgWriter(Width, Bottom + 60, "Headroom captured by the learner and its rivals", Description(seeds), Style);
    }

    private double Bottom => _top + _rowHeight * _families.Count;

    /// <param name="rivals">Names in the order of the lanes.</param>
    public static string Write(int seeds, IReadOnlyList<string> rivals, IReadOnlyList<FamilyResult> families)
    {
        var chart = new FamilyChart(seeds, rivals, families);
        chart._svg.Rectangle(0, 0, Width, chart.Bottom + 60, "page");
        chart.DrawLegend();
        chart.DrawRows();
        chart._svg.Text(Left, chart.Bottom + 44, $"Bars: 95 % intervals over {seeds} seeds. The rivals update after every impression, the learner at its refits.", "note");
        return chart._svg.ToString();
    }

    private string Description(int seeds) =>
        $"Percent of the headroom captured, mean over worlds and {seeds} seeds. "
        + string.Join(" ", _families.Select(family =>
            $"{family.Name}: learner {Percent(family.Learner.Headroom.Mean)}, best rival {family.BestRival.Name} {Percent(family.BestRival.Headroom.Mean)}"
            + (family.TargetPercent is { } target ? $", target {Percent(target)}." : ".")));

    private void DrawLegend()
    {
        _svg.Text(20, 30, "Headroom captured, percent of best − uniform", "heading");
        var names = (string[])["learner", .. _rivals, "target"];
        for (var i = 0; i < names.Length; i++)
        {
            var (x, y) = (26 + i % LegendColumns * LegendColumn, 54 + i / LegendColumns * LegendLine);
            if (i == names.Length - 1)
                _svg.Segment(x, y - 7, x, y + 7, "target");
            else
                DrawMark(i - 1, x, y, null, names[i]);
            _svg.Text(x + 14, y + 4.5, names[i], "key");
        }
    }

    private void DrawRows()
    {
        for (var row = 0; row < _families.Count; row += 2)
            _svg.Rectangle(0, _top + row * _rowHeight, Width, _rowHeight, "band");
        for (var percent = _least; percent <= 100; percent += GridPercent)
        {
            _svg.Segment(X(percent), _top, X(percent), Bottom, "grid");
            _svg.Text(X(percent), Bottom + 18, Percent(percent, "0"), "axis", "middle");
        }
        for (var row = 0; row < _families.Count; row++)
            DrawRow(_families[row], _top + row * _rowHeight);
    }

    private void DrawRow(FamilyResult family, double y)
    {
        _svg.Text(20, y + _rowHeight / 2, family.Name, "row");
        _svg.Text(20, y + _rowHeight / 2 + 16, string.Create(CultureInfo.InvariantCulture, $"{family.Worlds} × {family.Impressions:N0}"), "note");
        if (family.TargetPercent is { } target)
            _svg.Segment(X(target), y + 3, X(target), y + _rowHeight - 3, "target");
        DrawContestant(family, family.Learner, -1, y + RowPadding + Lane);
        foreach (var rival in family.Rivals)
        {
            var lane = Enumerable.Range(0, _rivals.Count).First(i => _rivals[i] == rival.Name);
            DrawContestant(family, rival, lane, y + RowPadding + Lane * (lane + 2.5));
        }
    }

    private void DrawContestant(FamilyResult family, Contestant one, int lane, double y) => DrawMark(
        lane, X(one.Headroom.Mean), y, (X(one.Headroom.Mean - one.Headroom.HalfWidth), X(one.Headroom.Mean + one.Headroom.HalfWidth)),
        $"{family.Name}, {one.Name}: {Percent(one.Headroom.Mean)} ± {Percent(one.Headroom.HalfWidth)}");

    /// <param name="lane">Of the rival; −1 is the learner.</param>
    private void DrawMark(int lane, double x, double y, (double From, double To)? whisker, string title)
    {
        _svg.Open(lane < 0 ? "learner" : $"r{lane}", title);
        if (whisker is var (from, to))
            _svg.Segment(from, y, to, y, "whisker");
        var r = DotRadius;
        if (lane < 0)
            _svg.Circle(x, y, LearnerRadius);
        else if (lane % 4 == 0)
            _svg.Circle(x, y, r);
        else if (lane % 4 == 1)
            _svg.Polygon((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r));
        else if (lane % 4 == 2)
            _svg.Polygon((x, y - r * 1.3), (x + r * 1.3, y), (x, y + r * 1.3), (x - r * 1.3, y));
        else
            _svg.Polygon((x, y - r * 1.2), (x + r * 1.2, y + r), (x - r * 1.2, y + r));
        _svg.Close();
    }

    private double X(double percent) => Left + (Math.Clamp(percent, _least, 100) - _least) / (100 - _least) * (Right - Left);

    private static string Percent(double value, string format = "0.0") => value.ToString(format, CultureInfo.InvariantCulture);
}
