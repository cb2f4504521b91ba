namespace Flywheel.Domain.Governance;

/// <summary>The module that a person has pinned a slot to: what is learnt serves no other there.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Module">Its id.</param>
public sealed record PinnedModule(string Slot, string Module);
