namespace Flywheel.Client;

/// <summary>Limits within which the engine lets new messaging go live by itself.</summary>
public sealed record AutoLimits
{
    /// <value>Ids of the slots where it may; null for all.</value>
    public IReadOnlyList<string>? Slots { get; init; }

    /// <value>The gravest finding that it may pass over: <c>none</c>, <c>info</c> (the default) or <c>warning</c>.</value>
    public string? Risk { get; init; }

    /// <value>The share of decisions that such a module may take while it is on trial, 0 to 1; the challenger share where null.</value>
    public double? Share { get; init; }
}
