using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Access;

/// <summary>The file of API keys: <c>{"keys":[{"id":"…","tenant":"…","role":"…","sha256":"…"}]}</c>.</summary>
public static class ApiKeyDocument
{
    public const int MostKeys = 10_000;
    private const int HashDigits = 64;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="FormatException">This is no such document; it says what came and what was expected.</exception>
    public static IReadOnlyList<ApiKey> Read(ReadOnlySpan<byte> utf8)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(utf8, Json);
        }
        catch (JsonException e)
        {
            throw new FormatException($"came malformed JSON ({JsonText.FaultOf(e)}); expected {{\"keys\":[…]}}", e);
        }
        var keys = document?.Keys ?? throw new FormatException("keys: came nothing; expected an array of keys");
        if (keys.Count > MostKeys)
            throw new FormatException($"keys: came {keys.Count}; expected at most {MostKeys}");
        for (var i = 0; i < keys.Count; i++)
        {
            if (Fault(keys[i]) is { } fault)
                throw new FormatException($"keys[{i}].{fault}");
        }
        // A session names its key by the id, and so does who revokes it.
        if (keys.GroupBy(key => key.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } same)
            throw new FormatException($"keys: the id {DocumentReader.Shorten(same.Key)} came twice; expected each once");
        if (keys.GroupBy(key => key.Sha256, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FormatException($"keys: {DocumentReader.Shorten(twice.First().Id)} came twice; expected each once");
        return keys;
    }

    public static byte[] Write(IReadOnlyList<ApiKey> keys) => [.. JsonSerializer.SerializeToUtf8Bytes(new Document(keys), Json), (byte)'\n'];

    private static string? Fault(ApiKey? key) => key switch
    {
        null => "id: came nothing; expected a key",
        { Id: null or "" } => "id: came nothing; expected 8 hex digits",
        _ when key.Tenant is null || !CampaignKeys.IsTenant(key.Tenant) => $"tenant: came \"{DocumentReader.Shorten(key.Tenant ?? "")}\"; expected [a-z0-9-]{{1,{CampaignKeys.MaxTenantLength}}}",
        _ when Roles.Named(key.Role) == Role.None => $"role: came \"{DocumentReader.Shorten(key.Role ?? "")}\"; expected {string.Join(", ", Roles.Names)}",
        _ when key.Sha256?.Length != HashDigits || key.Sha256.Any(digit => !char.IsAsciiHexDigit(digit)) => $"sha256: came something else; expected {HashDigits} hex digits",
        { RequestsPerSecond: < 1 } => $"requestsPerSecond: came {key.RequestsPerSecond}; expected 1 or more",
        _ => null,
    };

    private sealed record Document(IReadOnlyList<ApiKey>? Keys);
}
