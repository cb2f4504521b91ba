namespace Flywheel.TestKit;

/// <summary>What the test double of a model says.</summary>
/// <param name="Text">Null where it calls functions or refuses.</param>
internal sealed record ModelMessage(string? Text)
{
    public string[] Calls { get; init; } = [];

    public string? Refusal { get; init; }

    public string? Finish { get; init; }

    /// <summary>Tokens read; null where the server does not count.</summary>
    public int? Input { get; init; } = 120;

    public int Output { get; init; } = 40;
}
