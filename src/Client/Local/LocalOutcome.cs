namespace Flywheel.Client;

/// <summary>What a request for a local decision came to.</summary>
public enum LocalOutcome
{
    Decided,

    /// <summary>The campaign is paused: nothing is to be served.</summary>
    NotLive,

    /// <summary>The engine no longer has the campaign.</summary>
    NoCampaign,

    /// <summary>The campaign has no segment of the name that was given.</summary>
    NoSegment,

    /// <summary>The context is no JSON.</summary>
    BadContext,
}
