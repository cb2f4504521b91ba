namespace Flywheel.Silo.Api.Messaging;

/// <summary>How a campaign's modules stand.</summary>
/// <param name="Revision">Of the campaign.</param>
/// <param name="Modules">Those that are served, in the order of the document, then those that are stopped.</param>
internal sealed record ModuleList(string Campaign, long Revision, IReadOnlyList<ModuleShown> Modules);
