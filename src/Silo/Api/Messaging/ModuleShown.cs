using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Api.Messaging;

/// <summary>A module and how it stands.</summary>
/// <param name="State"><c>serving</c> or <c>stopped</c>.</param>
/// <param name="Pinned">Whether what is learnt serves it alone in its slot.</param>
internal sealed record ModuleShown(
    string Slot,
    string Id,
    [property: AllowedValues("serving", "stopped")] string State,
    bool Pinned,
    JsonObject Content,
    IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>The version that is served; null while it is stopped.</summary>
    public int? Version { get; init; }

    /// <summary>The most of a segment's traffic that it may take while it is on trial, 0 to 1, and never less than the control group gives it; null where it is on none.</summary>
    public double? TrialShare { get; init; }
}
