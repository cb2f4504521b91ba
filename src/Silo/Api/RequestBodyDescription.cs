using Microsoft.OpenApi;

namespace Flywheel.Silo.Api;

/// <summary>
/// Describes a request body in the API's description without binding the endpoint to a content type: bodies are taken by what
/// they hold, whatever header a caller sends (curl and beacons send their own).
/// </summary>
internal static class RequestBodyDescription
{
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params string[] contentTypes) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = contentTypes.ToDictionary(type => type, _ => new OpenApiMediaType()),
            };
            return Task.CompletedTask;
        });
}
