namespace Flywheel.Grains.Segments;

/// <summary>Hears how long a fit took.</summary>
public interface IFitMeter
{
    void Fitted(TimeSpan elapsed);
}
