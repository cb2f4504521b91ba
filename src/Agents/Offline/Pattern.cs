namespace Flywheel.Agents.Offline;

/// <summary>
/// A text with places for what the brief says: <c>{brand}</c>, <c>{de:brand}</c> and <c>{que:brand}</c> (elided where French wants it),
/// <c>{claim}</c>, <c>{Claim}</c> (begins a sentence) and <c>{Claim2}</c> (another one). <c>[vous|tu]</c> is said to people formally or not.
/// It claims nothing of its own: no number, no superlative, no promise.
/// </summary>
/// <param name="Intent">Of a call to action: what it asks for.</param>
internal sealed record Pattern(Angle Angle, TextFormat Format, string Text, Tone Tones = Tone.None, Intent Intent = Intent.Discover)
{
    public bool NamesBrand { get; } = Text.Contains("brand}", StringComparison.Ordinal);

    public bool HasClaim { get; } = Text.Contains("{claim}", StringComparison.Ordinal) || Text.Contains("{Claim}", StringComparison.Ordinal);

    public bool HasSecondClaim { get; } = Text.Contains("{Claim2}", StringComparison.Ordinal);

    /// <summary>True where nothing follows the claim, so that it may bring its own full stop.</summary>
    public bool EndsWithClaim { get; } = Text.EndsWith("{claim}", StringComparison.Ordinal) || Text.EndsWith("{Claim}", StringComparison.Ordinal);
}
