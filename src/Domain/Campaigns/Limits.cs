using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>The sizes a campaign may have. Everything that is kept per campaign is bounded by these.</summary>
public static class Limits
{
    public const int SlotsPerCampaign = DecisionLimits.Slots;
    public const int ModulesPerSlot = 32;
    public const int SegmentsPerCampaign = DecisionLimits.Segments;
    public const int ConditionsPerSegment = DecisionLimits.ConditionsPerSegment;
    public const int ValuesPerCondition = DecisionLimits.ValuesPerCondition;
    public const int RewardTypes = 16;
    public const int ChannelsPerCampaign = DecisionLimits.Channels;
    public const int AttributesPerModule = 16;
    public const int ContentBytes = 8_192;
    public const int BriefItems = 64;
    public const int TextLength = 2_000;
    public const int IdLength = Ids.MaxLength;
    public const int Campaigns = 10_000;

    /// <summary>
    /// Combinations of a campaign (the product of its modules per slot). The policy never enumerates them, but below a
    /// propensity of 1 in 16 million no log can support an estimate, so a larger space is refused rather than half-learned.
    /// </summary>
    public const long Combinations = 1L << 24;

    public static readonly TimeSpan ShortestAttributionWindow = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestAttributionWindow = DecisionLimits.LongestAttributionWindow;
}
