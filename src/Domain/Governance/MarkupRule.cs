using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>
/// Copy is words, not markup, code, links or addresses: what shows it may render any of those, and where a link leads is for people to say.
/// Each pattern looks at the text as written and as folded (without invisible characters, in plain letters).
/// </summary>
internal sealed class MarkupRule : IGuardrail
{
    /// <summary>Automata without backtracking: time is linear in the text, whatever it holds.</summary>
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture;

    private const string Domains = "com|net|org|info|biz|fr|uk|eu|io|dev|app|xyz|ly|gle|ru|cn|tk|gg";

    private static readonly ImmutableArray<(string What, Regex Pattern)> Patterns =
    [
        ("HTML", Of(@"<[a-z/!?]")),
        ("an HTML entity", Of(@"&(#[0-9]{1,8}|#x[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});")),
        ("an event handler", Of(@"\bon[a-z]{3,20}\s?=\s?[""'a-z]")),
        ("a template", Of(@"\{\{|\}\}|\{%|<%|%>|\$\{|#\{|\[\[|\]\]|\*\||\|\*|%%[a-z]")),
        ("a Markdown link", Of(@"\[[^\]\n]{0,200}\]\s?\(")),
        ("a Markdown heading", Of(@"^\s{0,3}#{1,6}\s+[^\s0-9]")),
        ("Markdown emphasis", Of(@"\*\*\S|\b__\S|\s__\S|^__\S|~~\S|(^|[\s(])\*[^\s*][^*\n]{0,200}[^\s*]\*|(^|[\s(])_[^\s_][^_\n]{0,200}_")),
        ("Markdown code", Of(@"```|`[^`\n]{1,200}`")),
        ("BBCode", Of(@"\[/?(url|img|b|i|u|s|code|quote|color|size|list)[\]=]")),
        ("a link", Of(@"\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.|(^|\s)//[a-z0-9]|\b(mailto|javascript|vbscript|livescript|filesystem|blob|view-source)\s?:|\bdata:[a-z]+/|\bfile:/|\b(tel|sms):\+?[0-9]")),
        ("a web address", Of($@"[a-z0-9-]\.({Domains})\b|\b[a-z0-9-]+\.[a-z]{{2,10}}/[a-z0-9]|\b(dot|point)\s({Domains})\b|[\[(]\s?(dot|point|\.)\s?[\])]")),
        ("an IP address", Of(@"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b")),
        ("a mail address", Of(@"[^\s@]@[a-z0-9-]+\.[a-z]{2}|[\[(]\s?(at|arobase)\s?[\])]")),
        ("encoded markup", Of(@"%3c|%3e|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}")),
    ];

    /// <summary>A browser reads over line breaks and blanks in a scheme.</summary>
    private static readonly Regex Scheme = Of(@"(javascript|vbscript):");

    public string Name => "markup";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        foreach (var passage in inspection.Passages.Where(passage => passage.Kind != PassageKind.Address && !passage.IsNumber))
        {
            foreach (var what in Find(passage.Text, passage.Folded))
                findings.Block(passage.Field, what, "plain text without markup, code or links");
        }
    }

    /// <summary>What is no plain text, in words.</summary>
    public static IReadOnlyList<string> Find(string text, Folded reading)
    {
        var (folded, found) = (reading.Signs(), new List<string>());
        foreach (var (what, pattern) in Patterns)
        {
            if (pattern.Match(text) is { Success: true } match || (match = pattern.Match(folded)).Success)
                found.Add($"{what} ({FindingList.Quote(match.Value.Trim())})");
        }
        if (Scheme.IsMatch(folded.Replace(" ", "", StringComparison.Ordinal)))
            found.Add("a script's address");
        return found;
    }

    private static Regex Of(string pattern) => new(pattern, Options);
}
