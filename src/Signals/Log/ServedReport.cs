using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>How many decisions of a segment and channel were served under a lease, since the report before.</summary>
public readonly ref struct ServedReport
{
    /// <summary>The lease's.</summary>
    public ulong Issuer { get; init; }

    /// <summary>Tells the issuer's reports to one partition apart: from 0, without gaps.</summary>
    public ulong Number { get; init; }

    /// <summary>From when on it is no longer taken, Unix time in milliseconds: until then its number is remembered.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>ASCII, empty for none.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    public long Learned { get; init; }
    public long Control { get; init; }

    /// <summary>How they fell into the control group.</summary>
    public Assignment Assignment { get; init; }
}
