namespace Flywheel.Silo.Api.Decisions;

/// <summary>What a request for a decision came to.</summary>
internal enum DecisionOutcome
{
    Decided,
    NotLive,
    NoCampaign,
    NoSegment,
}
