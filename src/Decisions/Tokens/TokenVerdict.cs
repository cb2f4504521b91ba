namespace Flywheel.Decisions;

/// <summary>What checking a token says of it.</summary>
public enum TokenVerdict
{
    Valid,

    /// <summary>No token at all, or a part of one.</summary>
    Malformed,

    /// <summary>Its signature is not ours.</summary>
    Forged,

    /// <summary>Signed with a key that this engine does not have (any more).</summary>
    UnknownKey,

    /// <summary>Says that it was signed, or its lease given, at a time when its key did not sign.</summary>
    OutsidePeriod,

    /// <summary>Older than <see cref="DecisionToken.Lifetime"/>.</summary>
    Expired,

    /// <summary>Signed under a lease that does not allow it: past its counters or its time, or with figures that no decision has.</summary>
    BeyondLease,
}
