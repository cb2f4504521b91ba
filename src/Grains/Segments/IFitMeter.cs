namespace Flywheel.Grains.Segments;

/// <summary>Hears how long a fit took, and how many wait.</summary>
public interface IFitMeter
{
    void Fitted(TimeSpan elapsed);

    /// <param name="change">1 where a segment begins to wait for its fit, −1 where it has it.</param>
    void Waiting(int change);
}
