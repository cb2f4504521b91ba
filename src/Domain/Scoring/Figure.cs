namespace Flywheel.Domain.Scoring;

/// <summary>A figure that a sentence stands on.</summary>
/// <param name="Name">What it is, in camel case: <c>resonance</c>, <c>kept</c>.</param>
/// <param name="Value">The estimate, in the unit that the name says.</param>
/// <param name="Low">The lower end of its 95 % interval; the value itself where it is a count.</param>
/// <param name="High">The upper end.</param>
/// <param name="N">Impressions it was estimated from.</param>
public sealed record Figure(string Name, double Value, double Low, double High, long N)
{
    public static Figure Of(string name, Interval interval, long n) => new(name, interval.Mean, interval.Low, interval.High, n);

    /// <summary>What was counted, and is known for sure.</summary>
    public static Figure Count(string name, long count) => new(name, count, count, count, count);

    public Interval Interval => new(Value, Low, High);
}
