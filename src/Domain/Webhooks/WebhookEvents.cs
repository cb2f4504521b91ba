namespace Flywheel.Domain.Webhooks;

/// <summary>What webhooks are told of: types as Standard Webhooks has them, words with full stops between.</summary>
public static class WebhookEvents
{
    /// <summary>A proposal waits for a person.</summary>
    public const string ProposalWaiting = "proposal.waiting";

    /// <summary>What may be said of a campaign's experiment, all segments together, is another than before.</summary>
    public const string VerdictChanged = "verdict.changed";

    /// <summary>A module has faded in a segment.</summary>
    public const string ModuleFaded = "module.faded";

    /// <summary>A campaign has a problem that it did not have before.</summary>
    public const string CampaignDegraded = "campaign.degraded";

    /// <summary>Somebody asked for a test; whoever is told of anything is told of it.</summary>
    public const string Test = "webhook.test";

    /// <summary>All that one can ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [ProposalWaiting, VerdictChanged, ModuleFaded, CampaignDegraded];
}
