namespace Flywheel.Abstractions.Messaging;

/// <summary>Looks whether a campaign needs new messaging and whether trials are over, by the campaign's id.</summary>
[Alias("flywheel.strategist")]
public interface IStrategistGrain : IGrainWithStringKey
{
    /// <summary>Looks once. Asks for at most one piece of messaging.</summary>
    [Alias("look")]
    Task LookAsync(CancellationToken cancellationToken);
}
