namespace Flywheel.Client;

/// <summary>How a <see cref="LocalDecider"/> keeps in touch. A value outside its limits throws <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record LocalOptions
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    /// <summary>How often the number of decisions that were served is reported, and the lease looked after.</summary>
    /// <value>Default 1 s; 10 ms to 1 min.</value>
    public TimeSpan ReportInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(10), nameof(ReportInterval));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestInterval, nameof(ReportInterval));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);
}
