using System.Collections.Frozen;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Metrics;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Role = Flywheel.Domain.Access.Role;

namespace Flywheel.Silo.Api.Mcp;

/// <summary>Answers a request of the Model Context Protocol on behalf of its caller. Keeps nothing between two requests.</summary>
internal sealed partial class McpServer(McpTools tools, McpResources resources, McpMetrics metrics, AccessMetrics access, ILogger<McpServer> logger)
{
    /// <summary>Where a request notes that its outcome was counted.</summary>
    private static readonly object Counted = new();

    private readonly FrozenDictionary<string, McpTool> _tools = tools.All().ToFrozenDictionary(tool => tool.Name);

    /// <summary>Has the options of one request answer for the one who sent it.</summary>
    public void Serve(HttpContext context, McpServerOptions options)
    {
        var caller = context.Caller();
        options.ServerInfo = new Implementation { Name = "flywheel", Title = "Flywheel", Version = typeof(McpServer).Assembly.GetName().Version!.ToString(3) };
        options.ServerInstructions = $"A live creative-optimisation engine. Start with list_campaigns. Nothing here is served by your doing: propose_messaging puts a module before a person. {McpAnswer.Notice}";
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. _tools.Values.Where(tool => Allows(tool, caller)).Select(tool => tool.Described).OrderBy(tool => tool.Name, StringComparer.Ordinal)] });
        options.Handlers.CallToolHandler = (request, cancellationToken) => CallAsync(context, caller, request.Params, cancellationToken);
        options.Handlers.ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(McpResources.ListTemplates());
        options.Handlers.ListResourcesHandler = (request, _) => ValueTask.FromResult(Count(context, () => resources.List(caller.Tenant, request.Params?.Cursor)));
        options.Handlers.ReadResourceHandler = (request, _) => ValueTask.FromResult(Count(context, () => resources.Read(caller.Tenant, request.Params?.Uri)));
    }

    /// <summary>Counts what was turned away before any handler saw it: no message, of another version, too long, compressed.</summary>
    public void Answered(HttpContext context, int status)
    {
        if (CountedAnswers.IsBadInput(status))
            Tell(context, McpMetrics.Other, McpMetrics.Invalid);
        else if (status >= StatusCodes.Status500InternalServerError)
            Tell(context, McpMetrics.Other, McpMetrics.Failed);
    }

    /// <summary>Counts a message whose parameters are none of its method's.</summary>
    public void Misread(HttpContext context) => Tell(context, McpMetrics.Other, McpMetrics.Invalid);

    private async ValueTask<CallToolResult> CallAsync(HttpContext context, Caller caller, CallToolRequestParams? asked, CancellationToken cancellationToken)
    {
        if (asked?.Name is null || !_tools.TryGetValue(asked.Name, out var tool))
        {
            Tell(context, McpMetrics.Other, McpMetrics.Invalid);
            throw new McpProtocolException($"name: came \"{Problem.Shorten(asked?.Name ?? "")}\"; expected one of {string.Join(", ", _tools.Keys.Order(StringComparer.Ordinal))}", McpErrorCode.InvalidParams);
        }
        if (!Allows(tool, caller))
        {
            access.Denied(AccessMetrics.WrongRole);
            Tell(context, tool.Name, McpMetrics.Refused);
            return McpAnswer.Refused($"role: came {caller.RoleName}; expected {new AccessRule(tool.Role)}").ToResult();
        }
        try
        {
            var answer = await tool.RunAsync(caller, asked.Arguments, cancellationToken);
            Tell(context, tool.Name, answer.Outcome);
            return answer.ToResult();
        }
        catch (Exception e) when (Failures.IsAway(e))
        {
            Tell(context, tool.Name, McpMetrics.Failed);
            return McpAnswer.Refused("The store, or the silo that has this campaign, is away; what was proposed may or may not have been taken. Try again in a second.").ToResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The protocol's library tells the caller that it failed, and no more.
            LogFailed(e, tool.Name);
            Tell(context, tool.Name, McpMetrics.Failed);
            throw;
        }
    }

    private T Count<T>(HttpContext context, Func<T> read)
    {
        try
        {
            var found = read();
            Tell(context, McpMetrics.Resources, McpMetrics.Done);
            return found;
        }
        catch (McpProtocolException)
        {
            Tell(context, McpMetrics.Resources, McpMetrics.Invalid);
            throw;
        }
    }

    private void Tell(HttpContext context, string tool, string outcome)
    {
        if (context.Items.TryAdd(Counted, null))
            metrics.Called(tool, outcome);
    }

    private static bool Allows(McpTool tool, Caller caller) => (tool.Role & caller.Role) != Role.None;

    [LoggerMessage(Level = LogLevel.Error, Message = "The tool {Tool} failed, which is a defect of the engine")]
    private partial void LogFailed(Exception e, string tool);
}
