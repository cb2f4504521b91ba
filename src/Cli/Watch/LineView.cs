using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Client;

namespace Flywheel.Cli.Watch;

/// <summary>A line for each module or verdict that changed, for pipes and files; how the connection does is on standard error.</summary>
internal sealed class LineView : IWatchView
{
    /// <summary>What was said last; one entry a module and a verdict.</summary>
    private readonly Dictionary<string, string> _said = [];

    public void Show(WatchState state, WatchNews news)
    {
        if (news.Connection is { } connection)
            Terminal.Note(connection.IsConnected ? "connected" : string.Create(CultureInfo.InvariantCulture, $"reconnecting in {connection.RetryIn?.TotalSeconds:0.0} s: {connection.Reason}"));
        foreach (var segment in news.Scores?.Segments ?? [])
        {
            foreach (var slot in segment.Slots)
            {
                foreach (var module in slot.Modules)
                    Say(news.Scores!.AsOf, $"{segment.Id}\t{slot.Id}\t{module.Id}", Text(state, segment, slot, module));
            }
        }
        foreach (var reading in news.Experiment?.Segments ?? [])
        {
            if (state.Scores is { } scores && scores.Segments.Any(segment => segment.Id == reading.Id))
                Say(scores.AsOf, $"{reading.Id}\tverdict", Figures.Verdict(reading));
        }
    }

    private static string Text(WatchState state, SegmentScores segment, SlotScores slot, ModuleScores module)
    {
        var (share, resonance) = state.Movement.Of(segment.Id, slot.Id, module);
        return $"share {Figures.Share(module.Share)}{Arrow(share)}\trate {Figures.Rate(module.Rate)}\tresonance {Figures.Resonance(module.Resonance)}{Arrow(resonance)}\t{module.State}";
    }

    private static string Arrow(int way) => way == 0 ? "" : $" {Figures.Arrow(way)}";

    private void Say(DateTimeOffset at, string about, string text)
    {
        if (_said.TryGetValue(about, out var before) && before == text)
            return;
        _said[about] = text;
        Output.WriteLine($"{Figures.Time(at)}\t{about}\t{text}");
    }
}
