using System.Collections.Immutable;

namespace Flywheel.Domain.Webhooks;

/// <summary>Where a tenant wants to be told, and of what.</summary>
/// <param name="Url">An absolute http or https address of at most <see cref="WebhookReader.MaxUrl"/> characters.</param>
public sealed record WebhookDefinition(string Url)
{
    /// <summary>Of <see cref="WebhookEvents.All"/>; empty for all of them.</summary>
    public ImmutableArray<string> Events { get; init; } = [];

    /// <summary>Ids; empty for all campaigns of the tenant.</summary>
    public ImmutableArray<string> Campaigns { get; init; } = [];

    /// <summary>For people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Where it is not, nothing is sent and nothing new is queued.</summary>
    public bool IsEnabled { get; init; } = true;

    public bool Wants(WebhookMessage message) =>
        (message.Type == WebhookEvents.Test || Events.IsEmpty || Events.Contains(message.Type))
        && (message.Campaign is null || Campaigns.IsEmpty || Campaigns.Contains(message.Campaign));
}
