using System.Text.Json.Serialization;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>A module that was taken out of service, kept so that it can be resumed.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Module">As the document had it.</param>
public sealed record StoppedModule(string Slot, Module Module)
{
    /// <summary>Its bound where it was on trial, and is again once it is resumed (<see cref="Challenger.MaxShare"/>); null where it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MaxShare { get; init; }
}
