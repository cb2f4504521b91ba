using Microsoft.OpenApi;

namespace Flywheel.Silo.Api.Description;

/// <summary>Describes what a request may carry where the endpoint reads it by itself.</summary>
internal static class RequestDescription
{
    /// <summary>
    /// Describes a request body without binding the endpoint to a content type: bodies are taken by what they hold, whatever header a
    /// caller sends (curl and beacons send their own).
    /// </summary>
    /// <typeparam name="T">The shape of the body.</typeparam>
    /// <param name="required">Whether nothing will not do.</param>
    /// <param name="orMany">Whether JSON may be an array of them as well.</param>
    /// <param name="orEvents">Whether they may come as the data of CloudEvents.</param>
    /// <param name="orLines">Whether they may come one a line.</param>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, bool required = true, bool orMany = false, bool orLines = false, bool orEvents = false) =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var shape = await WireSchemas.ReferToAsync<T>(context, cancellationToken);
            var json = orMany ? new OpenApiSchema { OneOf = [shape, new OpenApiSchema { Type = JsonSchemaType.Array, Items = shape }] } : shape;
            var content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = json } };
            if (orEvents)
            {
                var wrapped = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "specversion", "id", "source", "type", "data" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["specversion"] = Text(),
                        ["id"] = Text(),
                        ["source"] = Text(),
                        ["type"] = Text(),
                        ["time"] = Text(),
                        ["data"] = shape,
                    },
                };
                content["application/cloudevents+json"] = new OpenApiMediaType { Schema = wrapped };
                content["application/cloudevents-batch+json"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = wrapped } };
            }
            if (orLines)
                content["application/x-ndjson"] = new OpenApiMediaType { Schema = shape };
            operation.RequestBody = new OpenApiRequestBody { Required = required, Content = content };
        });

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    /// <summary>Describes a query parameter; none is required.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="what">What it does.</param>
    /// <param name="values">All that it may be; empty for any text.</param>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder endpoint, string name, string what, params string[] values) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var bound in operation.Parameters.Where(parameter => parameter.Name == name).ToList())
                operation.Parameters.Remove(bound);
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = what,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = values.Length == 0 ? null : [.. values.Select(value => (System.Text.Json.Nodes.JsonNode)value)] },
            });
            return Task.CompletedTask;
        });
}
