namespace Flywheel.Client;

/// <summary>A place in the message, filled by one of its modules.</summary>
/// <param name="Id"><c>[a-z0-9-]{1,64}</c>.</param>
/// <param name="Modules">1 to 32 modules.</param>
public sealed record Slot(string Id, IReadOnlyList<Module> Modules)
{
    /// <value><c>text</c>, <c>image</c> or a kind of your own.</value>
    public string? Kind { get; init; }

    /// <value>The longest text, in characters.</value>
    public int? MaxLength { get; init; }
}
