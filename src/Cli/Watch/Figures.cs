using System.Globalization;
using Flywheel.Client;
using LiftSequence = Flywheel.Domain.Experiments.LiftSequence;

namespace Flywheel.Cli.Watch;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    public static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    /// <summary>Reward an impression, with its 95 % interval.</summary>
    public static string Rate(Estimate? rate) =>
        rate is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{rate.Mean:0.0000} [{rate.Low:0.0000}, {rate.High:0.0000}]");

    public static string Resonance(Estimate? resonance) =>
        resonance is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{resonance.Mean:F0} [{resonance.Low:F0}, {resonance.High:F0}]");

    public static string Verdict(ExperimentReading? reading) => reading switch
    {
        null => "",
        // Without an upper limit there is nothing to say of it yet.
        { Lift: { High: < LiftSequence.MaxLift } lift } => string.Create(CultureInfo.InvariantCulture, $"{reading.Verdict}, lift {lift.Mean:+0%;-0%;0%} [{lift.Low:+0%;-0%;0%}, {lift.High:+0%;-0%;0%}]"),
        _ => reading.Verdict,
    };

    public static string Arrow(int way) => way switch
    {
        > 0 => "▲",
        < 0 => "▼",
        _ => " ",
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
