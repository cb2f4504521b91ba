namespace Flywheel.Domain.Governance.Copy;

/// <summary>Scripts as far as the rules tell them apart.</summary>
internal enum Script
{
    /// <summary>Digits, marks, and letters that serve as signs in every script.</summary>
    Common,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Cherokee,

    /// <summary>Chinese, Japanese and Korean, which mix with each other and with Latin.</summary>
    EastAsian,
    Other,
}
