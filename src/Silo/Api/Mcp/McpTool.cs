using System.Text.Json;
using ModelContextProtocol.Protocol;
using Role = Flywheel.Domain.Access.Role;

namespace Flywheel.Silo.Api.Mcp;

/// <summary>A tool: what it is called and takes, who may call it, and what it does.</summary>
internal sealed class McpTool
{
    private readonly Func<McpCall, CancellationToken, ValueTask<McpAnswer>> _run;
    private readonly string[] _arguments;

    /// <param name="name">As clients call it.</param>
    /// <param name="title">For people.</param>
    /// <param name="description">For the model that chooses it.</param>
    /// <param name="role">Any of these is enough.</param>
    public McpTool(string name, string title, string description, Role role, Func<McpCall, CancellationToken, ValueTask<McpAnswer>> run, params McpArgument[] arguments)
    {
        _arguments = [.. arguments.Select(argument => argument.Name)];
        var members = string.Join(',', arguments.Select(argument => $"\"{argument.Name}\":{argument.Schema}"));
        var required = string.Join(',', arguments.Where(argument => argument.IsRequired).Select(argument => $"\"{argument.Name}\""));
        using var schema = JsonDocument.Parse($$"""{"type":"object","properties":{ {{members}} },"required":[{{required}}],"additionalProperties":false}""");
        (Role, _run) = (role, run);
        Described = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = schema.RootElement.Clone(),
            // What is proposed is neither served nor can it take anything away.
            Annotations = new ToolAnnotations { Title = title, ReadOnlyHint = role == Role.Read, DestructiveHint = false, IdempotentHint = role == Role.Read, OpenWorldHint = false },
        };
    }

    public Tool Described { get; }

    public string Name => Described.Name;

    public Role Role { get; }

    public ValueTask<McpAnswer> RunAsync(Access.Caller caller, IDictionary<string, JsonElement>? arguments, CancellationToken cancellationToken) =>
        _run(new McpCall(caller, arguments, _arguments), cancellationToken);
}
