using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Messaging.Triggers;

/// <summary>Values of attributes that a campaign could try.</summary>
public static class Vocabulary
{
    public const string Angle = "angle";

    /// <summary>What an advertisement can turn on, whatever it sells.</summary>
    public static readonly ImmutableArray<string> Angles = ["benefit", "curiosity", "proof", "question", "community", "urgency", "story"];

    /// <summary>
    /// Values that no module of the slot has, of the attributes that its modules have, as far as the campaign's other slots or
    /// <see cref="Angles"/> know them. A slot of text always has an angle. By name, the campaign's own values first.
    /// </summary>
    public static IEnumerable<ModuleAttribute> Untried(Campaign campaign, Slot slot)
    {
        var found = new List<ModuleAttribute>();
        var names = slot.Modules.SelectMany(module => module.Attributes.Keys).Concat(slot.Kind == "text" ? [Angle] : []).Distinct().Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var others = campaign.Slots.Where(other => other.Id != slot.Id).SelectMany(other => ValuesOf(other, name)).Distinct().Order(StringComparer.Ordinal);
            foreach (var value in others.Concat(name == Angle ? Angles : []).Except(ValuesOf(slot, name)))
                found.Add(new ModuleAttribute(name, value));
        }
        return found;
    }

    private static IEnumerable<string> ValuesOf(Slot slot, string name) =>
        slot.Modules.Select(module => module.Attributes.GetValueOrDefault(name)).OfType<string>();
}
