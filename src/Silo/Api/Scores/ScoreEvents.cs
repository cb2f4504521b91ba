namespace Flywheel.Silo.Api.Scores;

/// <summary>What the stream of scores sends: each member is the data of the events of its name.</summary>
internal sealed record ScoreEvents
{
    public Client.Scores? Scores { get; init; }
    public Client.MessagingNews? Messaging { get; init; }
}
