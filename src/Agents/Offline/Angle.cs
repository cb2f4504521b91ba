namespace Flywheel.Agents.Offline;

/// <summary>What a text leads with.</summary>
internal enum Angle
{
    Benefit,
    Curiosity,
    Proof,
    Urgency,
    Question,
    Community,
    Invitation,
}
