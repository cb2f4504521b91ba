using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>A person's version of a module.</summary>
public sealed record ModuleEdit(ModuleContent Content, ImmutableSortedDictionary<string, string> Attributes, string? Comment);
