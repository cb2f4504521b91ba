namespace Flywheel.Silo.Hosting;

/// <summary>A campaign as a signal names it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Incarnation">The life of the id that is meant; null where the one in force is.</param>
internal readonly record struct CampaignLife(string Id, ulong? Incarnation);
