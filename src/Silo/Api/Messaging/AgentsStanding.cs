namespace Flywheel.Silo.Api.Messaging;

/// <summary>What became of a campaign's agents.</summary>
/// <param name="State"><c>stopped</c> or <c>working</c>.</param>
internal sealed record AgentsStanding(string Campaign, string State);
