namespace Flywheel.Abstractions.Messaging;

/// <summary>Reads the evidence of a campaign, by the campaign's id.</summary>
[Alias("flywheel.analyst")]
public interface IAnalystGrain : IGrainWithStringKey
{
    /// <summary>What is known of the segments with most evidence, a few seconds old at most; null where there is no such campaign.</summary>
    [Alias("read")]
    Task<ReadingsMessage?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>What was found when the evidence was last read, however long ago; null where it has not been since this activation began.</summary>
    [Alias("recall")]
    Task<ReadingsMessage?> RecallAsync(CancellationToken cancellationToken);

    /// <summary>What resonates with whom, what fades, what is new, what to do; null where there is no such campaign.</summary>
    /// <param name="language"><c>fr</c> or <c>en</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("insights")]
    Task<InsightsMessage?> WriteInsightsAsync(string language, CancellationToken cancellationToken);
}
