using System.Text.RegularExpressions;
using Flywheel.Agents.Offline;

namespace Flywheel.Agents.Tests.Offline;

/// <summary>The grammars say nothing of their own: what they hold is checked line by line.</summary>
public sealed partial class GrammarTests
{
    public static TheoryData<string> Texts => [.. All.Select(pattern => pattern.Text).Distinct()];

    public static TheoryData<string> French => [.. GrammarFr.Grammar.Patterns.Concat(GrammarFr.Grammar.Calls).Select(pattern => pattern.Text).Distinct()];

    private static IEnumerable<Pattern> All => new[] { GrammarEn.Grammar, GrammarFr.Grammar }.SelectMany(grammar => grammar.Patterns.Concat(grammar.Calls));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Pattern_OfAnyGrammar_ClaimsNothing(string text)
    {
        Assert.DoesNotMatch(@"\d|%|€|\$", text.Replace("{Claim2}", "", StringComparison.Ordinal));
        Assert.DoesNotMatch(Promises(), text);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Pattern_OfAnyGrammar_HasKnownPlacesAndBothForms(string text)
    {
        Assert.All(Places().Matches(text), place => Assert.Contains(place.Value, (string[])["{brand}", "{de:brand}", "{que:brand}", "{claim}", "{Claim}", "{Claim2}"]));
        Assert.All(Forms().Matches(text), form => Assert.Single(form.Value, '|'));
    }

    /// <summary>Whatever comes into a place, no word before it would have to be elided; where it would, the pattern says so.</summary>
    [Theory]
    [MemberData(nameof(French))]
    public void Pattern_InFrench_ElidesAndSpaces(string text)
    {
        var spoken = Forms().Replace(text, form => form.Value.Trim('[', ']').Replace('|', ' '));
        Assert.DoesNotMatch(@"(?i)\b(de|que|le|la|je|me|ne|se|ce|si)\s+(\{(brand|claim)\}|[aeiouéèêàâîôû]|il)", Places().Replace(spoken, place => place.Value.Contains(':', StringComparison.Ordinal) ? "x" : place.Value));
        Assert.DoesNotContain('\'', text);
        Assert.DoesNotMatch(@"\S[?!:;]", Places().Replace(text, "x"));
    }

    [Fact]
    public void Grammars_OfBothLanguages_HaveEveryAngleToneAndIntent()
    {
        foreach (var grammar in new[] { GrammarEn.Grammar, GrammarFr.Grammar })
        {
            Assert.Equal(Enum.GetValues<Angle>().Except([Angle.Invitation]), grammar.Patterns.Select(pattern => pattern.Angle).Distinct().Order());
            Assert.All(Enum.GetValues<Intent>(), intent => Assert.Contains(grammar.Calls, call => call.Intent == intent && call.Tones == Tone.None));
            Assert.All(Enum.GetValues<Tone>(), tone => Assert.Contains(grammar.Patterns, pattern => pattern.Tones == tone));
        }
    }

    [GeneratedRegex(@"(?i)\b(best|most|cheapest|free|guarantee\w*|only|last|limited|hurry|offer|new|better|first|number one|meilleur\w*|gratuit\w*|garanti\w*|seul\w*|dernier\w*|limité\w*|vite|offre|promo\w*|nouveau\w*|unique|le plus|la plus|les plus)\b")]
    private static partial Regex Promises();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Places();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Forms();
}
