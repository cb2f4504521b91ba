namespace Flywheel.Silo.Api;

/// <summary>Marks a route that unpacks bodies itself, and bounds what comes out; all others take them plain.</summary>
internal sealed class ReadsEncodings;
