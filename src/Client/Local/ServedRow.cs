namespace Flywheel.Client;

/// <summary>Decisions of a segment and channel that were served here.</summary>
internal sealed record ServedRow(
    ulong Number, string Segment, string? Channel, long Learned, long Control, long Assigned, long AssignedControl, long ExpectedControlMicros)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public long Decisions => Learned + Control;
}
