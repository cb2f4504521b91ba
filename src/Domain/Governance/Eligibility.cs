using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>
/// What of a campaign may be served, and how much of it. Enforced where a campaign is compiled for serving: a stopped module is in no
/// layout and no snapshot, whatever document is put afterwards.
/// </summary>
/// <param name="Stopped">Modules that nobody serves until they are resumed; at most <see cref="MostStopped"/>.</param>
/// <param name="Challengers">Modules on trial.</param>
public sealed record Eligibility(ImmutableArray<StoppedModule> Stopped, ImmutableArray<Challenger> Challengers)
{
    /// <summary>Modules that a campaign may hold stopped.</summary>
    public const int MostStopped = 1_024;

    public static readonly Eligibility All = new([], []);

    /// <summary>At most one a slot; default for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<PinnedModule> Pinned { get; init; }

    /// <summary>Whether every module may take what it earns.</summary>
    [JsonIgnore]
    public bool IsUnbounded => Challengers.IsEmpty && Pinned.IsDefaultOrEmpty;

    /// <summary>The module that a slot is pinned to; null for none.</summary>
    public string? PinnedOf(string slot) => Pinned.IsDefault ? null : Pinned.FirstOrDefault(pinned => pinned.Slot == slot)?.Module;

    /// <summary>The same with this module pinned in a slot, or with none.</summary>
    public Eligibility WithPinned(string slot, string? module)
    {
        var others = Pinned.IsDefault ? [] : Pinned.RemoveAll(pinned => pinned.Slot == slot);
        return this with { Pinned = module is not null ? others.Add(new PinnedModule(slot, module)) : others.IsEmpty ? default : others };
    }

    public bool IsStopped(string slot, string module) => Stopped.Any(stopped => stopped.Slot == slot && stopped.Module.Id == module);

    /// <summary>The most of a segment's traffic that a module may take: 1 where it is not on trial, 0 beyond the control group's where its slot is pinned to another.</summary>
    public double MaxShareOf(string slot, string module) => PinnedOf(slot) is { } pinned ? (pinned == module ? 1 : 0) : TrialShareOf(slot, module);

    /// <summary>The most that it may take while it is on trial; 1 where it is not.</summary>
    public double TrialShareOf(string slot, string module) => Challengers.FirstOrDefault(challenger => challenger.Slot == slot && challenger.Module == module)?.MaxShare ?? 1;

    /// <summary>The document without what is stopped.</summary>
    public Campaign Strip(Campaign document) => document with
    {
        Slots = [.. document.Slots.Select(slot => slot with { Modules = slot.Modules.RemoveAll(module => IsStopped(slot.Id, module.Id)) })],
    };

    /// <summary>The same for a document that may lack some of the modules on trial or pinned.</summary>
    public Eligibility For(Campaign document)
    {
        var there = Pinned.IsDefault ? [] : Pinned.RemoveAll(pinned => !Has(document, pinned.Slot, pinned.Module));
        return this with
        {
            Challengers = Challengers.RemoveAll(challenger => !Has(document, challenger.Slot, challenger.Module)),
            Pinned = there.IsEmpty ? default : there,
        };
    }

    /// <summary>The same for a document that a person put over another: a module that it words differently is the person's own, and on trial no more.</summary>
    public Eligibility For(Campaign document, Campaign previous)
    {
        var there = For(document);
        return there with
        {
            Challengers = there.Challengers.RemoveAll(challenger =>
                !ContentOf(document, challenger.Slot, challenger.Module)!.Equals(ContentOf(previous, challenger.Slot, challenger.Module))),
        };
    }

    public bool Equals(Eligibility? other) =>
        other is not null && Stopped.SequenceEqual(other.Stopped) && Challengers.SequenceEqual(other.Challengers) && PinsAs(other);

    /// <summary>Whether the same modules are pinned.</summary>
    public bool PinsAs(Eligibility? other) => (Pinned.IsDefault ? [] : Pinned).SequenceEqual(other is null || other.Pinned.IsDefault ? [] : other.Pinned);

    private static bool Has(Campaign document, string slot, string module) => ContentOf(document, slot, module) is not null;

    /// <summary>Null where there is no such module.</summary>
    private static ModuleContent? ContentOf(Campaign document, string slot, string module) =>
        document.Slots.FirstOrDefault(each => each.Id == slot)?.Modules.FirstOrDefault(each => each.Id == module)?.Content;

    public override int GetHashCode() => HashCode.Combine(Stopped.Length, Challengers.Length);
}
