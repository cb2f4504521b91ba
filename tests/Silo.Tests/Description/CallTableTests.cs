using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Description;

/// <summary>The table of all calls in <c>docs/api.md</c> is that of the engine.</summary>
public sealed partial class CallTableTests(Engine engine)
{
    /// <summary>Pages of the dashboard are no calls.</summary>
    private static readonly string[] Roots = ["/v1/", "/ofrep/", "/openrtb/", "/mcp", "/health/", "/metrics", "/openapi/"];

    [Fact]
    public void Table_OfTheDocs_HasEveryCallAndNoOther()
    {
        var mapped = Mapped().Order(StringComparer.Ordinal).ToList();
        var told = File.ReadAllLines(Repository.File("docs/api.md")).SkipWhile(line => line != "## All calls").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => $"{row.Groups["method"].Value} {row.Groups["path"].Value}").Order(StringComparer.Ordinal).ToList();

        Assert.True(mapped.Count > 50, $"Expected all calls; came {mapped.Count}.");
        Assert.Equal(mapped, told);
    }

    /// <summary>What generators and the reference page know. The protocol of assistants describes itself, and metrics and the description have formats of their own.</summary>
    [Fact]
    public async Task Description_OfTheApi_HasEveryCall()
    {
        var document = (await engine.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).ToHashSet();

        Assert.Equal(["GET /metrics", "GET /openapi/v1.json", "POST /mcp"], Mapped().Where(call => !described.Contains(call)).Order(StringComparer.Ordinal));
    }

    private IEnumerable<string> Mapped() => engine.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
        .Where(call => Roots.Any(root => call.Contains($" {root}", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>/[^`]*)` \|")]
    private static partial Regex Row();
}
