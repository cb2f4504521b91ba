namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>Sums of the first three powers of independent rows.</summary>
internal readonly record struct RowSums(double Rows, double Sum, double Squares, double Cubes)
{
    public double Mean => Sum / Rows;

    /// <summary>Σ(z - mean)².</summary>
    public double Second => Math.Max(0, Squares - Sum * Mean);

    /// <summary>Σ(z - mean)³.</summary>
    public double Third => Cubes - 3 * Squares * Mean + 2 * Sum * Mean * Mean;
}
