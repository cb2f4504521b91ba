using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Writing;

/// <summary>A module that a writer offers. Its text is data: nobody has checked it against the brief yet.</summary>
/// <param name="Content">As the slot's modules have it: <c>text</c>, and the members that all of them share.</param>
/// <param name="Attributes">What the text is, for instance <c>angle</c> = <c>benefit</c>.</param>
public sealed record Candidate(ModuleContent Content, ImmutableSortedDictionary<string, string> Attributes);
