namespace Flywheel.Domain.Campaigns;

/// <summary>What is wrong with one member of a document: where, what came, and what would be right.</summary>
public sealed record FieldError(string Field, string Came, string Expected)
{
    public string Message => $"came {Came}; expected {Expected}";

    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";
}
