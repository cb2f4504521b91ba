namespace Flywheel.Fuzz.Tests;

/// <summary>Something that reads bytes from outside.</summary>
/// <param name="Name">As its folder in <c>corpus</c>.</param>
/// <param name="Samples">Inputs that it takes, to make others of.</param>
/// <param name="Check">
/// Reads an input and asserts what has to hold: it is refused in the way that is documented, or what came out keeps to its bounds and
/// reads back as the same. Throws otherwise.
/// </param>
public sealed record Parser(string Name, IReadOnlyList<byte[]> Samples, Action<byte[]> Check)
{
    public override string ToString() => Name;
}
