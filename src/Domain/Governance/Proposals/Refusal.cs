namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Why nothing changes.</summary>
/// <param name="IsMissing">True where there is no such thing; false where it cannot be done now.</param>
/// <param name="Text">For people.</param>
public sealed record Refusal(bool IsMissing, string Text)
{
    public static Refusal Missing(string text) => new(true, text);

    public static Refusal Conflict(string text) => new(false, text);
}
