namespace Flywheel.Domain.Governance.Claims;

internal enum AssertionKind
{
    /// <summary>A figure: a count, a share, a price, a duration, a multiple.</summary>
    Figure,

    /// <summary>A superlative, a rank, or a promise such as "free" or "guaranteed".</summary>
    Promise,

    /// <summary>A softer absolute or a comparison: "never", "perfect", "better than".</summary>
    Absolute,

    /// <summary>A year on its own.</summary>
    Year,
}
