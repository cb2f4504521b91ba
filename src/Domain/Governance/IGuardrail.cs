namespace Flywheel.Domain.Governance;

/// <summary>One rule. It looks at a candidate and says what it found; it never changes the candidate and knows no other rule.</summary>
internal interface IGuardrail
{
    /// <summary>The name its findings carry.</summary>
    string Name { get; }

    void Inspect(Inspection inspection, FindingList findings);
}
