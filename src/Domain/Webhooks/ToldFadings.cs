using System.Collections.Immutable;

namespace Flywheel.Domain.Webhooks;

/// <summary>Tells fadings that are news from those that were told.</summary>
internal static class ToldFadings
{
    /// <summary>What is to be told, and what is remembered once it is: the missed ones first, then oldest first.</summary>
    /// <param name="known">What was told.</param>
    /// <param name="seen">With what has faded, where somebody has looked.</param>
    /// <param name="now">When it was seen.</param>
    public static (IReadOnlyList<FadedModule> News, ImmutableArray<ToldFading> Known) See(ImmutableArray<ToldFading> known, CampaignSighting seen, DateTimeOffset now)
    {
        if (seen.Faded is null)
            return ([], known);
        var byName = known.ToDictionary(fading => fading.Name, StringComparer.Ordinal);
        var isNews = seen.Faded.DistinctBy(module => module.Name).ToLookup(module => !byName.TryGetValue(module.Name, out var fading) || fading.IsBefore(module));
        var same = isNews[false].Select(module => module.Name).ToHashSet(StringComparer.Ordinal);
        // One that is found is never forgotten, or it would be told again and again.
        var told = isNews[true].Take(Math.Min(ToldCampaign.MostAtOnce, ToldCampaign.MostFaded - same.Count)).ToList();
        // As it was until it is told: with the next step.
        var later = isNews[true].Skip(told.Count).Select(module => module.Name).ToHashSet(StringComparer.Ordinal);
        var rest = known.ExceptBy(told.Select(module => module.Name), fading => fading.Name)
            .Select(fading => later.Contains(fading.Name) ? fading : fading.Look(same.Contains(fading.Name), seen.Watched.GetValueOrDefault(fading.Name)))
            .OfType<ToldFading>();
        var remembered = rest.Concat(told.Select(module => new ToldFading(module.Name, now, module.Impressions))).OrderBy(fading => fading.MissedAfter is null);
        return (told, [.. remembered.TakeLast(ToldCampaign.MostFaded)]);
    }
}
