using System.Globalization;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Webhooks;

/// <summary>A module that has faded in a segment.</summary>
/// <param name="Version">The module's, whose past this is about.</param>
/// <param name="Kept">What is left of its rate, relative to the rest of its slot, with its 95 % interval.</param>
/// <param name="Since">The likeliest beginning.</param>
/// <param name="Impressions">Since then.</param>
public sealed record FadedModule(string Segment, string Slot, string Module, int Version, Interval Kept, DateTimeOffset Since, long Impressions)
{
    /// <summary>Names it within its campaign.</summary>
    public string Name => NameOf(Segment, Slot, Module, Version);

    public static string NameOf(string segment, string slot, string module, int version) => string.Create(CultureInfo.InvariantCulture, $"{segment}/{slot}/{module}/{version}");
}
