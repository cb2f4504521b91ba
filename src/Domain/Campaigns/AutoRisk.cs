namespace Flywheel.Domain.Campaigns;

/// <summary>The gravest finding with which a proposal may still go live by itself.</summary>
public enum AutoRisk
{
    None,
    Info,
    Warning,
}
