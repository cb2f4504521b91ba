namespace Flywheel.Faults.Load;

/// <summary>What a silo's scores say against the oracle.</summary>
/// <param name="Lost">Signals that should be counted and are not.</param>
/// <param name="Doubled">Signals that are counted more than once.</param>
/// <param name="Differences">Every figure that is not what it must be, in words.</param>
internal sealed record Verdict(long Lost, long Doubled, IReadOnlyList<string> Differences)
{
    public static readonly Verdict Exact = new(0, 0, []);

    public bool IsExact => Differences.Count == 0;

    /// <summary>The worse of two.</summary>
    public Verdict And(Verdict other) => new(Math.Max(Lost, other.Lost), Math.Max(Doubled, other.Doubled), [.. Differences, .. other.Differences]);

    public override string ToString() => $"{Lost} lost, {Doubled} double; {string.Join("; ", Differences.Take(8))}";
}
