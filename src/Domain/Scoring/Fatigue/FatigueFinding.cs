namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>A module that has faded: its rate has fallen against its own past, and the rest of its slot does not share the fall.</summary>
/// <param name="Slot">The slot's place in the layout.</param>
/// <param name="Module">The key of the module's version in force, see <see cref="Campaigns.PublishedCampaign.ModuleKey"/>.</param>
/// <param name="SinceMs">Unix time in milliseconds of the likeliest beginning.</param>
/// <param name="Kept">What is left of its rate, relative to the rest of its slot: 0.5 is half; with its 95 % interval at that beginning.</param>
/// <param name="RateBefore">Rewards an impression before that, in rewards of usual size.</param>
/// <param name="RateSince">The same since.</param>
/// <param name="ImpressionsBefore">The module's impressions before that.</param>
/// <param name="ImpressionsSince">Since.</param>
/// <param name="Evidence">How many times better a fall foretells what came than none; at least modules of the slot ÷ <see cref="FatigueWatch.FalseAlarmRate"/>.</param>
public sealed record FatigueFinding(
    int Slot,
    ulong Module,
    long SinceMs,
    Interval Kept,
    double RateBefore,
    double RateSince,
    long ImpressionsBefore,
    long ImpressionsSince,
    double Evidence);
