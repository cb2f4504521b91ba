namespace Flywheel.Domain.Learning;

/// <summary>Exact counts of one version of one module, from one source of traffic.</summary>
/// <param name="Module">See <see cref="Campaigns.PublishedCampaign.ModuleKey"/>; 0 gathers versions that left the table.</param>
/// <param name="Source">Who served it.</param>
/// <param name="Impressions">Impressions counted: once for each decision, and once for each id that came with one.</param>
/// <param name="RewardMicros">Reward earned, in millionths.</param>
public readonly record struct ModuleTally(ulong Module, TallySource Source, long Impressions, long RewardMicros)
{
    /// <summary>Stands for versions that were replaced long ago and left the table.</summary>
    public const ulong Retired = 0;
}
