using Flywheel.Domain.Governance.Languages;

namespace Flywheel.Agents.Writing;

/// <summary>Languages as documents name them.</summary>
public static class LanguageTags
{
    /// <summary>The language of a BCP 47 tag (<c>fr</c>, <c>en-GB</c>, case aside); null for every other language and for no tag.</summary>
    public static MessageLanguage? Read(string? tag) => WrittenLanguage.Of(tag) switch
    {
        WrittenLanguage.French => MessageLanguage.French,
        WrittenLanguage.English => MessageLanguage.English,
        _ => null,
    };

    /// <returns><c>fr</c> or <c>en</c>.</returns>
    public static string Of(MessageLanguage language) => language switch
    {
        MessageLanguage.French => WrittenLanguage.French,
        MessageLanguage.English => WrittenLanguage.English,
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "Expected French or English."),
    };
}
