namespace Flywheel.Client;

/// <summary>A signal that the engine refused.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Error">Why.</param>
public sealed record RejectedSignal(int Index, string Error);
