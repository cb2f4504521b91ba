namespace Flywheel.Client;

/// <summary>A figure with its interval.</summary>
/// <param name="Name">What it measures.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end of its interval.</param>
/// <param name="N">On how many impressions or decisions it stands.</param>
public sealed record Figure(string Name, double Value, double Low, double High, long N);
