namespace Flywheel.Domain.Governance;

/// <summary>
/// Collects one rule's findings: where, what came, what would be right. At most <see cref="Most"/> are kept, since nobody mends more at once;
/// a rule that blocks says so before it warns, so what is dropped never decides.
/// </summary>
internal sealed class FindingList(string rule)
{
    public const int Most = 16;

    /// <summary>Characters of a quotation, so that a finding stays a sentence.</summary>
    private const int LongestQuote = 60;

    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public void Block(string field, string came, string expected) => Add(FindingSeverity.Block, field, came, expected);

    public void Warn(string field, string came, string expected) => Add(FindingSeverity.Warning, field, came, expected);

    public void Inform(string field, string text) => Add(new Finding(rule, FindingSeverity.Info, $"{field}: {text}"));

    /// <summary>The text in quotation marks, cut between characters where it is long.</summary>
    public static string Quote(string text)
    {
        if (text.Length <= LongestQuote)
            return $"\"{text}\"";
        var end = char.IsHighSurrogate(text[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote;
        return $"\"{text[..end]}…\"";
    }

    private void Add(FindingSeverity severity, string field, string came, string expected) =>
        Add(new Finding(rule, severity, $"{field}: {came}; {expected}"));

    private void Add(Finding finding)
    {
        if (_findings.Count < Most && !_findings.Contains(finding))
            _findings.Add(finding);
    }
}
