using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Watch;

/// <summary>
/// A segment's modules, one a line. No figure is broken in two: where there is no room, the bar goes first, then names are cut short, and then goes
/// what is needed least.
/// </summary>
internal sealed class ModuleTable
{
    private const int Gap = 1;

    /// <summary>Names are not cut shorter while there is something that can go.</summary>
    private const int LeastName = 10;

    private const int Slot = 0;
    private const int Module = 1;

    private static readonly Shape[] Shapes =
    [
        new(Bar: 16, IsWhole: true), new(Bar: 8, IsWhole: true), new(IsWhole: true), new(),
        new(ResonanceInterval: false), new(ResonanceInterval: false, RateInterval: false), new(ResonanceInterval: false, RateInterval: false, Best: false),
        new(ResonanceInterval: false, RateInterval: false, Best: false, State: false),
    ];

    private readonly Column[] _columns;

    /// <param name="width">Columns of the terminal.</param>
    public ModuleTable(WatchState state, SegmentScores segment, int width)
    {
        var modules = segment.Slots.SelectMany(slot => slot.Modules.OrderByDescending(module => module.Share).Select(module => new Row(slot.Id, module, state.Movement.Of(segment.Id, slot.Id, module)))).ToList();
        var (shape, columns) = Shapes.Select(shape => (shape, Columns(modules, shape))).SkipWhile((each, at) => at + 1 < Shapes.Length && Least(each) > width).First();
        _columns = shape.IsWhole ? columns : WithNames(columns, width);
    }

    public Table Render()
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in _columns)
            table.AddColumn(new TableColumn($"[dim]{Terminal.Escape(column.Heading)}[/]").NoWrap().PadLeft(0).PadRight(Gap));
        for (var row = 0; row < _columns[0].Cells.Count; row++)
            table.AddRow([.. _columns.Select(column => column.Colour(column.Cells[row]) is { } colour ? $"[{colour}]{Terminal.Escape(column.Cells[row])}[/]" : Terminal.Escape(column.Cells[row]))]);
        return table;
    }

    private static Column[] Columns(List<Row> modules, Shape shape)
    {
        Column Of(string heading, Func<Row, string> cell, Func<string, string?>? colour = null) => new(heading, [.. modules.Select(module => Visible.Of(cell(module)))], colour ?? (_ => null));
        return
        [
            Of("slot", row => row.Slot), Of("module", row => row.Module.Id),
            Of("share", row => Bar(row.Module.Share, shape.Bar) + Figures.Share(row.Module.Share).PadLeft(7)), Of("", row => Figures.Arrow(row.Way.Share), ColourOfArrow),
            shape.RateInterval ? Of("rate (95 %)", row => Figures.Rate(row.Module.Rate)) : Of("rate", row => Before(Figures.Rate(row.Module.Rate))),
            shape.ResonanceInterval ? Of("resonance (95 %)", row => Figures.Resonance(row.Module.Resonance)) : Of("resonance", row => Before(Figures.Resonance(row.Module.Resonance))),
            Of("", row => Figures.Arrow(row.Way.Resonance), ColourOfArrow),
            .. shape.Best ? [Of("best", row => row.Module.ProbabilityBest.ToString("P0", CultureInfo.InvariantCulture))] : (Column[])[],
            .. shape.State ? [Of("state", row => row.Module.State, ColourOfState)] : (Column[])[],
        ];
    }

    private static int Least((Shape Shape, Column[] Columns) table) =>
        table.Columns.Select((column, at) => (at is Slot or Module && !table.Shape.IsWhole ? Math.Min(LeastName, column.Width) : column.Width) + Gap).Sum();

    /// <summary>The names get what the figures leave.</summary>
    private static Column[] WithNames(Column[] columns, int width)
    {
        var left = Math.Max(2, width - columns[(Module + 1)..].Sum(column => column.Width + Gap) - 2 * Gap);
        var slot = Math.Min(columns[Slot].Width, Math.Max(left / 2, left - columns[Module].Width));
        return [columns[Slot].Cut(slot), columns[Module].Cut(left - slot), .. columns[(Module + 1)..]];
    }

    private static string Bar(double share, int width) => new string('█', (int)Math.Round(Math.Clamp(share, 0, 1) * width)).PadRight(width, '·');

    private static string Before(string interval) => interval.Split(' ')[0];

    private static string? ColourOfArrow(string arrow) => arrow == Figures.Arrow(1) ? "green" : arrow == Figures.Arrow(-1) ? "red" : null;

    private static string? ColourOfState(string state) => state switch
    {
        "rising" => "green",
        "fatigued" => "red",
        _ => null,
    };

    /// <param name="Bar">Its length.</param>
    /// <param name="IsWhole">Names are not cut.</param>
    private sealed record Shape(int Bar = 0, bool RateInterval = true, bool ResonanceInterval = true, bool Best = true, bool State = true, bool IsWhole = false);

    private sealed record Row(string Slot, ModuleScores Module, (int Share, int Resonance) Way);

    private sealed record Column(string Heading, IReadOnlyList<string> Cells, Func<string, string?> Colour)
    {
        public int Width => Cells.Append(Heading).Max(cell => cell.Length);

        public Column Cut(int width) => this with { Heading = Cut(Heading, width), Cells = [.. Cells.Select(cell => Cut(cell, width))] };

        /// <summary>In the middle: names of a kind begin alike, and end in what tells them apart.</summary>
        private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..((width - 1) / 2)]}…{text[(text.Length - width / 2)..]}";
    }
}
