using System.Text.Json.Serialization;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Why nothing changes.</summary>
/// <param name="IsMissing">True where there is no such thing; false where it cannot be done now.</param>
/// <param name="Text">For people.</param>
public sealed record Refusal(bool IsMissing, string Text)
{
    /// <summary>What of what was sent, or of the campaign's document, will not do; null where it is not that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FieldError? Error { get; init; }

    public static Refusal Missing(string text) => new(true, text);

    public static Refusal Conflict(string text) => new(false, text);

    public static Refusal Invalid(string field, string came, string expected)
    {
        var error = new FieldError(field, came, expected);
        return new(false, error.ToString()) { Error = error };
    }
}
