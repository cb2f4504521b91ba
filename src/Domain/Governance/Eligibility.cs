using System.Collections.Immutable;
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

    public bool IsStopped(string slot, string module) => Stopped.Any(stopped => stopped.Slot == slot && stopped.Module.Id == module);

    /// <summary>The most of a segment's traffic that a module may take; 1 where it is not on trial.</summary>
    public double MaxShareOf(string slot, string module) => Challengers.FirstOrDefault(challenger => challenger.Slot == slot && challenger.Module == module)?.MaxShare ?? 1;

    /// <summary>The document without what is stopped.</summary>
    public Campaign Strip(Campaign document) => document with
    {
        Slots = [.. document.Slots.Select(slot => slot with { Modules = slot.Modules.RemoveAll(module => IsStopped(slot.Id, module.Id)) })],
    };

    /// <summary>The same for a document that may lack some of the modules on trial.</summary>
    public Eligibility For(Campaign document) => this with
    {
        Challengers = Challengers.RemoveAll(challenger => !document.Slots.Any(slot => slot.Id == challenger.Slot && slot.Modules.Any(module => module.Id == challenger.Module))),
    };

    public bool Equals(Eligibility? other) => other is not null && Stopped.SequenceEqual(other.Stopped) && Challengers.SequenceEqual(other.Challengers);

    public override int GetHashCode() => HashCode.Combine(Stopped.Length, Challengers.Length);
}
