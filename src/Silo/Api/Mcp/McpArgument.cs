namespace Flywheel.Silo.Api.Mcp;

/// <summary>An argument of a tool.</summary>
/// <param name="Schema">Its JSON schema.</param>
internal sealed record McpArgument(string Name, string Schema)
{
    public bool IsRequired { get; init; }
}
