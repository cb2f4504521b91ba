using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>What a person asks of the messaging.</summary>
public sealed record Brief
{
    public string? Brand { get; init; }
    public string? Objective { get; init; }
    public ImmutableArray<string> Tone { get; init; } = [];
    public string? Language { get; init; }
    public ImmutableArray<string> MustSay { get; init; } = [];
    public ImmutableArray<string> NeverSay { get; init; } = [];
    public ImmutableArray<string> Claims { get; init; } = [];
}
