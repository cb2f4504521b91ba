using System.Collections.Immutable;

namespace Flywheel.Grains.Webhooks;

/// <summary>What is stored of the webhooks that there are.</summary>
public sealed record WebhookDirectoryState
{
    /// <summary>At most <see cref="WebhookDirectoryGrain.Most"/>.</summary>
    public ImmutableSortedSet<string> Keys { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}
