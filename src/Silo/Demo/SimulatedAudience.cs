using Flywheel.Decisions;

namespace Flywheel.Silo.Demo;

/// <summary>
/// How the demo's visitors click: with each headline's real rate, until they tire of the best one, a minute in; from then on that has half of
/// it. Nobody knows how real readers would take to a headline that is new, so that gets a rate around the average, by its id.
/// </summary>
internal sealed class SimulatedAudience
{
    /// <summary>How long the best headline stays fresh.</summary>
    public static readonly TimeSpan TiresAfter = TimeSpan.FromMinutes(1);

    private const double Kept = 0.5;
    private const double LeastOfAverage = 0.8;
    private const double MostOfAverage = 1.6;

    private readonly Dictionary<string, double> _rates;
    private readonly double _average;

    public SimulatedAudience(HeadlineTest test)
    {
        _rates = test.Headlines.Select((headline, i) => (Id: $"h{i + 1}", headline.ClickRate)).ToDictionary(pair => pair.Id, pair => pair.ClickRate);
        _average = _rates.Values.Average();
        Favourite = _rates.MaxBy(pair => pair.Value).Key;
    }

    /// <summary>The headline that it tires of.</summary>
    public string Favourite { get; }

    /// <summary>The chance of a click, 0 to 1.</summary>
    /// <param name="module">The headline's id.</param>
    /// <param name="elapsed">Since the audience first came.</param>
    public double RateOf(string module, TimeSpan elapsed)
    {
        if (!_rates.TryGetValue(module, out var rate))
            return _average * (LeastOfAverage + (MostOfAverage - LeastOfAverage) * Mixing.ToUnit(Mixing.Of(module)));
        return module == Favourite && elapsed >= TiresAfter ? rate * Kept : rate;
    }
}
