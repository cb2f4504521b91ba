namespace Flywheel.Domain.Webhooks;

/// <summary>
/// A fading that webhooks were told of: one fall of a version's rate in a segment. It is not told again while it is found, nor when it is found again
/// after it was missed for a while, as happens where the evidence is about as much as it takes. What is told again is another fall: one that was missed and
/// began after this one was told, or any that is found once this one is over.
/// </summary>
/// <param name="Name">See <see cref="FadedModule.Name"/>.</param>
/// <param name="ToldAt">When it was told.</param>
/// <param name="FoundAfter">Impressions of the module from its beginning until it was told: as many again without it, and it is over.</param>
/// <param name="MissedAfter">Impressions that the module had when it was first looked for and not found, 0 where nobody watched it; null while it is found.</param>
public sealed record ToldFading(string Name, DateTimeOffset ToldAt, long FoundAfter, long? MissedAfter = null)
{
    /// <summary>Whether what is found is another fall than this one.</summary>
    public bool IsBefore(FadedModule found) => MissedAfter is not null && found.Since > ToldAt;

    /// <summary>How it stands after a look; null where it is over.</summary>
    /// <param name="isFound">Whether it was found.</param>
    /// <param name="impressions">Of the module.</param>
    public ToldFading? Look(bool isFound, long impressions) =>
        isFound ? this with { MissedAfter = null }
        : MissedAfter is not { } missed ? this with { MissedAfter = impressions }
        : impressions > missed && impressions - missed >= FoundAfter ? null
        : this;
}
