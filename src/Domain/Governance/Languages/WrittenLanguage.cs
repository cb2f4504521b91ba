namespace Flywheel.Domain.Governance.Languages;

/// <summary>The languages that messages are written in.</summary>
public static class WrittenLanguage
{
    public const string French = "fr";
    public const string English = "en";

    /// <summary><see cref="French"/> or <see cref="English"/> of a BCP 47 tag (<c>fr</c>, <c>en-GB</c>, case aside); null for every other language and for no tag.</summary>
    public static string? Of(string? tag) => tag?.Split('-', '_')[0].Trim().ToLowerInvariant() switch
    {
        French => French,
        English => English,
        _ => null,
    };
}
