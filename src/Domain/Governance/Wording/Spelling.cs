namespace Flywheel.Domain.Governance.Wording;

/// <summary>How signs are taken for letters.</summary>
internal enum Spelling
{
    /// <summary>Letters and digits are themselves, all else only separates.</summary>
    Plain,

    /// <summary>Digits and symbols stand for the letters they look like.</summary>
    Symbols,

    /// <summary>Digits stand for letters, symbols only separate.</summary>
    Digits,
}
