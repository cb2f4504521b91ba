namespace Flywheel.Domain.Webhooks;

/// <summary>
/// A fading that webhooks were told of: one fall of a version's rate in a segment. It is not told again while it is found, nor when it is found again
/// after it was missed for a while, as happens where the evidence is about as much as it takes. What is told again is another fall: one that began after this
/// one was first missed, or any that is found once this one is over.
/// </summary>
/// <param name="Name">See <see cref="FadedModule.Name"/>.</param>
/// <param name="FoundAfter">Impressions of the module from its beginning until it was told: as many again without it, and it is over.</param>
/// <param name="MissedAt">When it was first looked for and not found; null while it is found.</param>
/// <param name="MissedImpressions">Impressions that the module had by then; 0 where nobody watched it.</param>
public sealed record ToldFading(string Name, long FoundAfter, DateTimeOffset? MissedAt = null, long MissedImpressions = 0)
{
    /// <summary>Whether what is found is another fall than this one.</summary>
    public bool IsBefore(FadedModule found) => MissedAt < found.Since;

    /// <summary>How it stands after a look; null where it is over.</summary>
    /// <param name="isFound">Whether it was found.</param>
    /// <param name="impressions">Of the module.</param>
    /// <param name="now">When it was looked for.</param>
    public ToldFading? Look(bool isFound, long impressions, DateTimeOffset now) =>
        isFound ? this with { MissedAt = null, MissedImpressions = 0 }
        : MissedAt is null ? this with { MissedAt = now, MissedImpressions = impressions }
        : impressions > MissedImpressions && impressions - MissedImpressions >= FoundAfter ? null
        : this;
}
