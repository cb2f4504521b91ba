using Flywheel.Client;

namespace Flywheel.Cli.Watch;

/// <summary>Which way shares and resonance went in the last ten seconds, by the engine's own clock.</summary>
internal sealed class Movement
{
    public const double LeastShare = 0.005;
    public const double LeastResonance = 1;

    /// <summary>Readings that are kept: two seconds apart, the oldest ten or more old.</summary>
    private const int MostReadings = 8;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly Queue<Reading> _past = new(MostReadings);
    private Reading? _last;

    /// <summary>Takes the scores as they are now.</summary>
    public void Add(Scores scores)
    {
        var now = new Reading(scores.AsOf, scores.Segments
            .SelectMany(segment => segment.Slots.SelectMany(slot => slot.Modules.Select(module => ((segment.Id, slot.Id, module.Id), (module.Share, module.Resonance?.Mean ?? 0)))))
            .ToDictionary(module => module.Item1, module => module.Item2));
        if (_last is null || now.At - _last.At >= Between)
        {
            _past.Enqueue(now);
            _last = now;
        }
        // One that is ten seconds old is what there is to compare with, those before it are not.
        while (_past.Count > 1 && (_past.Count > MostReadings || now.At - _past.ElementAt(1).At >= Span))
            _past.Dequeue();
    }

    /// <returns>1 for up, -1 for down, 0 for neither, of the share and of the resonance.</returns>
    public (int Share, int Resonance) Of(string segment, string slot, ModuleScores module) =>
        _past.TryPeek(out var before) && before.Modules.TryGetValue((segment, slot, module.Id), out var was)
            ? (Way(module.Share - was.Share, LeastShare), Way((module.Resonance?.Mean ?? 0) - was.Resonance, LeastResonance))
            : (0, 0);

    private static int Way(double change, double least) => change >= least ? 1 : change <= -least ? -1 : 0;

    private sealed record Reading(DateTimeOffset At, Dictionary<(string Segment, string Slot, string Module), (double Share, double Resonance)> Modules);
}
