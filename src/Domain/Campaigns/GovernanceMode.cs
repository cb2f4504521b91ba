namespace Flywheel.Domain.Campaigns;

/// <summary>Who lets new messaging go live: a person, the engine within limits, or nobody.</summary>
public enum GovernanceMode
{
    Approve,
    Auto,
    Off,
}
