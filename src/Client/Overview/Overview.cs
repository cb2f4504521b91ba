namespace Flywheel.Client;

/// <summary>Campaigns at a glance, as one silo knows them.</summary>
/// <param name="AsOf">When.</param>
/// <param name="Demo">Whether the engine runs its demo.</param>
/// <param name="Campaigns">All of them, by id; on the stream, after the first event, those that changed.</param>
/// <param name="Removed">Ids of those that are gone since the event before.</param>
public sealed record Overview(DateTimeOffset AsOf, bool Demo, IReadOnlyList<CampaignOverview> Campaigns, IReadOnlyList<string> Removed);
