namespace Flywheel.Domain.Governance.Claims;

/// <summary>What stands before a figure and changes what it promises.</summary>
internal enum Qualifier
{
    None,

    /// <summary>"up to", "less than", « jusqu'à », « moins de ».</summary>
    AtMost,

    /// <summary>"at least", "more than", « au moins », « plus de ».</summary>
    AtLeast,

    /// <summary>"from", « à partir de ».</summary>
    From,

    /// <summary>"about", « environ ».</summary>
    About,
}
