using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Flywheel.Client;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Flywheel.Silo.Api.Description;

/// <summary>
/// Makes the schemas of the API's description say what is sent. A member is required where its record cannot be made without it; one that
/// is not required is left out rather than null.
/// </summary>
internal static class WireSchemas
{
    public static void AddWireSchemas(this OpenApiOptions options)
    {
        options.AddSchemaTransformer(DescribeAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Flywheel";
            document.Info.Description = "Where the engine has API keys, every call but health, beacons and this description takes one: Authorization: Bearer flw_…";
            foreach (var schema in document.Components?.Schemas?.Values ?? [])
                StripNulls(schema);
            return Task.CompletedTask;
        });
    }

    /// <summary>Has a required member be written where it is null, too: what is required is always there.</summary>
    public static void WriteRequired(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member.IsRequired))
            member.ShouldSerialize = (_, _) => true;
    }

    /// <summary>A reference to a type's schema, which is a component of the document.</summary>
    public static async Task<IOpenApiSchema> ReferToAsync<T>(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken);
        context.Document!.AddComponent(typeof(T).Name, schema);
        return new OpenApiSchemaReference(typeof(T).Name, context.Document);
    }

    private static async Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } member)
            DescribeMember(schema, member);
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(ProblemDetails))
            DescribeProblem(schema);
        else if (type == typeof(IReadOnlyDictionary<string, Reward>))
            schema.AdditionalProperties = RewardSchema();
        else if (type == typeof(JsonObject))
            BeAnyObject(schema);
        else if (type == typeof(DecisionResult))
            await DescribeResultAsync(schema, context, cancellationToken);
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
            schema.Required = context.JsonTypeInfo.Properties.Where(IsAlwaysThere).Select(each => each.Name).ToHashSet();
    }

    private static bool IsAlwaysThere(JsonPropertyInfo member) =>
        member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false } && !member.IsGetNullable;

    private static void DescribeMember(OpenApiSchema schema, JsonPropertyInfo member)
    {
        if (member.CustomConverter is ContentConverter)
            BeAnyObject(schema);
        if (member.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), true) is [AllowedValuesAttribute allowed, ..])
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)value!.ToString()!)];
    }

    private static void BeAnyObject(OpenApiSchema schema) => (schema.Type, schema.AdditionalProperties) = (JsonSchemaType.Object, new OpenApiSchema());

    private static void DescribeProblem(OpenApiSchema schema)
    {
        var messages = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } };
        schema.Properties!["errors"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = messages, Description = "What is wrong with each field, by its path." };
        schema.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String };
    }

    private static OpenApiSchema RewardSchema()
    {
        var number = new OpenApiSchema { Type = JsonSchemaType.Number };
        var both = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["weight"] = number, ["perValue"] = number } };
        return new OpenApiSchema { OneOf = [number, both] };
    }

    /// <summary>On the wire it is the decision itself, or says why there is none.</summary>
    private static async Task DescribeResultAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        (schema.Type, schema.Properties, schema.Required) = (null, null, null);
        schema.OneOf = [await context.GetOrCreateSchemaAsync(typeof(Decision), null, cancellationToken), await context.GetOrCreateSchemaAsync(typeof(Refusal), null, cancellationToken)];
    }

    private static void StripNulls(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema { Properties: { } members } own)
            return;
        foreach (var (name, member) in members.Where(each => own.Required?.Contains(each.Key) != true).ToList())
            members[name] = WithoutNull(member);
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema own)
            return schema;
        own.Type &= ~JsonSchemaType.Null;
        return own.OneOf is [OpenApiSchema { Type: JsonSchemaType.Null }, var other] ? other : own;
    }

    private sealed record Refusal(int Status, string Detail);
}
