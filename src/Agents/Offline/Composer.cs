using System.Collections.Immutable;
using System.Text;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Offline;

/// <summary>
/// Puts a brief into a grammar's patterns: every pattern with every claim, with and without a call to action. At most about 15,000
/// drafts (60 patterns, 12 claims, 10 endings, a second claim or none).
/// </summary>
internal sealed class Composer(Grammar grammar, BriefParts parts, Frame frame)
{
    /// <summary>Room from which a line may end with a call to action.</summary>
    private const int RoomForCall = 60;

    public IEnumerable<Draft> Drafts()
    {
        if (frame.Role == FrameRole.Button)
            return Buttons();
        var lines = Lines().ToArray();
        return lines.Length > 0 ? lines : Buttons();
    }

    private IEnumerable<Draft> Buttons() =>
        from call in grammar.Calls
        where call.Intent == parts.Intent || call.Intent == Intent.Discover
        let text = Fill(call, null, null)
        where text is not null
        let whole = Finish([text])
        where Fits(whole)
        select new Draft(call, whole, null, 0, null);

    private IEnumerable<Draft> Lines()
    {
        string?[] calls = frame.Role == FrameRole.Body || frame.Room >= RoomForCall ? [null, .. Calls()] : [null];
        foreach (var pattern in grammar.Patterns)
        {
            string?[] claims = pattern.HasClaim ? [.. parts.Claims] : [null];
            for (var i = 0; i < claims.Length; i++)
            {
                var second = parts.Claims.Length > 1 ? parts.Claims[(i + 1) % parts.Claims.Length] : null;
                if (Fill(pattern, claims[i], second) is not { } lead)
                    continue;
                foreach (var draft in Endings(pattern, lead, claims[i], second, calls))
                    yield return draft;
            }
        }
    }

    private IEnumerable<Draft> Endings(Pattern pattern, string lead, string? claim, string? second, string?[] calls)
    {
        var held = (claim is null ? 0 : 1) + (pattern.HasSecondClaim ? 1 : 0);
        string?[] more = frame.Role == FrameRole.Body && second is not null && !pattern.HasSecondClaim ? [null, second] : [null];
        foreach (var extra in more)
        {
            foreach (var call in calls)
            {
                var whole = Finish([lead, .. extra is null ? [] : (string[])[Begin(extra)], .. call is null ? [] : (string[])[call]]);
                if (Fits(whole))
                    yield return new Draft(pattern, whole, claim, held + (extra is null ? 0 : 1), call);
            }
        }
    }

    /// <summary>What a text of several sentences may end with.</summary>
    private IEnumerable<string> Calls() => grammar.Calls
        .Where(call => call is { Format: TextFormat.Imperative, NamesBrand: false } && call.Intent == parts.Intent && SuitsTone(call))
        .Select(call => Fill(call, null, null)).OfType<string>();

    private bool SuitsTone(Pattern pattern) => parts.Tones == Tone.None || pattern.Tones == Tone.None || (pattern.Tones & parts.Tones) != 0;

    private bool Fits(string text) => SlotText.Length(text) <= frame.Room;

    /// <summary>The pattern with the brief in it; null where the brief lacks what it needs, or the two would not read well together.</summary>
    private string? Fill(Pattern pattern, string? claim, string? second)
    {
        if (pattern.NamesBrand && (parts.Brand is null || (claim is not null && Folding.Words(claim).Contains(Folding.Words(parts.Brand), StringComparison.Ordinal))))
            return null;
        if (pattern.HasSecondClaim && second is null)
            return null;
        if (claim is not null && !pattern.EndsWithClaim && EndsSentence(claim))
            return null;
        var text = new StringBuilder();
        var rest = grammar.Set(pattern.Text).AsSpan();
        while (rest.IndexOfAny('{', '[') is >= 0 and var open)
        {
            text.Append(rest[..open]);
            var close = rest.IndexOfAny('}', ']');
            var part = Part(rest[open], rest[(open + 1)..close].ToString(), claim, second);
            if (part is null)
                return null;
            text.Append(part);
            rest = rest[(close + 1)..];
        }
        return text.Append(rest).ToString();
    }

    private string? Part(char kind, string name, string? claim, string? second) => (kind, name) switch
    {
        ('[', _) => name.Split('|')[parts.Informal ? 1 : 0],
        (_, "brand") => parts.Brand,
        (_, "de:brand") => FrenchTypography.Elide("de", parts.Brand!),
        (_, "que:brand") => FrenchTypography.Elide("que", parts.Brand!),
        (_, "claim") => claim,
        (_, "Claim") => Begin(claim!),
        (_, "Claim2") => Begin(second!),
        _ => throw new InvalidOperationException($"The grammar has no place {name}."),
    };

    /// <summary>The sentences one after the other, with what must be said where it is not said yet.</summary>
    private string Finish(ImmutableArray<string> sentences)
    {
        var text = new StringBuilder(sentences[0]);
        foreach (var sentence in sentences[1..])
            text.Append(EndsSentence(text) ? " " : ". ").Append(sentence);
        foreach (var must in parts.MustSay)
        {
            if (text.ToString().Contains(must, StringComparison.Ordinal))
                continue;
            text.Append((EndsSentence(text), char.IsLower(must[0])) switch
            {
                (true, true) => $" ({must})",
                (true, false) => $" {must}",
                (false, true) => $" – {must}",
                (false, false) => $". {must}",
            });
        }
        if (!EndsSentence(text) && text.ToString().Contains(". ", StringComparison.Ordinal))
            text.Append('.');
        return text.ToString();
    }

    private static bool EndsSentence(StringBuilder text) => EndsSentence(text.ToString());

    private static bool EndsSentence(string text) => text[^1] is '.' or '!' or '?' or '…';

    /// <summary>As a sentence begins; a name such as iPhone keeps its own way.</summary>
    private static string Begin(string text) =>
        text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
