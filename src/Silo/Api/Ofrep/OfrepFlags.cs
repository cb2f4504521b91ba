namespace Flywheel.Silo.Api.Ofrep;

/// <summary>All flags of a tenant, for one unit.</summary>
internal sealed record OfrepFlags(IReadOnlyList<OfrepFlag> Flags);
