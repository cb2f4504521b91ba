namespace Flywheel.Benchmarks.Profile;

/// <summary>What a thread was doing at one moment.</summary>
/// <param name="Thread">Its name, at most 15 characters as the kernel keeps it.</param>
/// <param name="Frames">Innermost first, each as <c>symbol (file)</c>.</param>
internal sealed record StackSample(string Thread, IReadOnlyList<string> Frames);
