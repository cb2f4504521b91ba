namespace Flywheel.Client;

/// <summary>What a person asks of the messaging.</summary>
public sealed record Brief
{
    public string? Brand { get; init; }
    public string? Objective { get; init; }
    public IReadOnlyList<string>? Tone { get; init; }

    /// <value>A BCP 47 tag, such as <c>fr</c>.</value>
    public string? Language { get; init; }

    public IReadOnlyList<string>? MustSay { get; init; }
    public IReadOnlyList<string>? NeverSay { get; init; }

    /// <value>What the messaging may assert.</value>
    public IReadOnlyList<string>? Claims { get; init; }
}
