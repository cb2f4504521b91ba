namespace Flywheel.Client;

/// <summary>Something happened to a campaign's document, its modules, its proposals or its history: what is shown of them is to be read again.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Revision">Of the campaign; rises whenever its document or the standing of one of its modules changes.</param>
/// <param name="Awaiting">Proposals that wait for a person.</param>
/// <param name="AgentsStopped">Whether its agents are stopped.</param>
public sealed record MessagingNews(string Campaign, long Revision, int Awaiting, bool AgentsStopped)
{
    /// <value>Entries that its history has had, as far as this silo was told since it started; they are numbered from 0.</value>
    public long? Entries { get; init; }
}
