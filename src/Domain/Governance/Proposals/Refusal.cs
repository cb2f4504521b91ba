using System.Text.Json.Serialization;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Why nothing changes.</summary>
/// <param name="IsMissing">True where there is no such thing; false where it cannot be done now.</param>
/// <param name="Text">For people.</param>
public sealed record Refusal(bool IsMissing, string Text)
{
    /// <summary>True where what was sent will not do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsInvalid { get; init; }

    public static Refusal Missing(string text) => new(true, text);

    public static Refusal Conflict(string text) => new(false, text);

    public static Refusal Invalid(string text) => new(false, text) { IsInvalid = true };
}
