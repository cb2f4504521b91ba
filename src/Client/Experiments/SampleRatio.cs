namespace Flywheel.Client;

/// <summary>Whether the groups are of the sizes that they should be; where they are not, no lift can be trusted.</summary>
/// <param name="PValue">How likely sizes this far apart are, 0 to 1, valid at every look.</param>
/// <param name="Healthy">False where they cannot be chance.</param>
public sealed record SampleRatio(double PValue, bool Healthy);
