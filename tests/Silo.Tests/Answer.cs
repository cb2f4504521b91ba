using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests;

/// <summary>What the engine answered.</summary>
public sealed record Answer(int Status, string? ContentType, byte[] Bytes, HttpResponseHeaders Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Bytes)!;

    public T Read<T>() => JsonSerializer.Deserialize<T>(Bytes, JsonSerializerOptions.Web)!;

    /// <summary>This, where its status is the one expected.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}; came {Status}: {Text}");
        return this;
    }

    /// <summary>The problem document, where this is one of that status.</summary>
    public JsonNode ExpectProblem(params int[] statuses)
    {
        Assert.True(statuses.Contains(Status), $"Expected {string.Join(" or ", statuses)}; came {Status}: {Text}");
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(Status, Json["status"]!.GetValue<int>());
        Assert.NotEmpty(Json["title"]!.GetValue<string>());
        return Json;
    }

    /// <summary>Checks that this is a problem document whose <c>errors</c> name a field.</summary>
    public void ExpectFieldError(string field, params int[] statuses)
    {
        var errors = Assert.IsType<JsonObject>(ExpectProblem(statuses.Length == 0 ? [400] : statuses)["errors"]);
        Assert.True(errors.ContainsKey(field), $"Expected an error on \"{field}\"; came {errors.ToJsonString()}");
        Assert.All(errors[field]!.AsArray(), message => Assert.Contains("expected", message!.GetValue<string>(), StringComparison.Ordinal));
    }

    public override string ToString() => $"{Status}: {Text}";
}
