using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance.Copy;

/// <summary>Finds every text of a candidate, however deep: what is served is what has to be looked at, known to a rule by name or not.</summary>
internal static class PassageReader
{
    public const string TextField = "content.text";
    public const string AltField = "content.alt";
    public const string UrlField = "content.url";

    /// <summary>Members that say how large an image is; their numbers promise nothing.</summary>
    private static readonly ImmutableArray<string> Sizes = ["width", "height"];

    /// <summary>Objects and arrays within each other; what every JSON reader takes by default, and what recursion stands.</summary>
    public const int MostDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MostDepth };

    /// <param name="candidate">Its content has at most <see cref="Limits.ContentBytes"/>.</param>
    /// <returns>Null where the content is deeper than <see cref="MostDepth"/>.</returns>
    public static ImmutableArray<Passage>? Read(Candidate candidate)
    {
        if (Read(candidate.Content) is not { } content)
            return null;
        var passages = content.ToBuilder();
        foreach (var (name, value) in candidate.Attributes.Take(Limits.AttributesPerModule))
        {
            ReadName(name, "attributes", passages);
            passages.Add(new Passage($"attributes.{FieldOf(name)}", value, PassageKind.Label));
        }
        return passages.ToImmutable();
    }

    /// <param name="content">At most <see cref="Limits.ContentBytes"/>.</param>
    /// <returns>Null where the content is deeper than <see cref="MostDepth"/>.</returns>
    public static ImmutableArray<Passage>? Read(ModuleContent content)
    {
        var passages = ImmutableArray.CreateBuilder<Passage>();
        try
        {
            using var document = JsonDocument.Parse(content.Json, Options);
            Read(document.RootElement, "content", passages);
        }
        catch (JsonException)
        {
            // Content is valid JSON by construction, so depth is all that can be wrong with it.
            return null;
        }
        return passages.ToImmutable();
    }

    private static void Read(JsonElement element, string field, ImmutableArray<Passage>.Builder passages)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    ReadName(member.Name, field, passages);
                    if (member.Value.ValueKind != JsonValueKind.Number || !Sizes.Contains(member.Name))
                        Read(member.Value, $"{field}.{FieldOf(member.Name)}", passages);
                }
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Read(item, $"{field}[{index++}]", passages);
                break;
            case JsonValueKind.String:
                passages.Add(new Passage(field, element.GetString()!, field == UrlField ? PassageKind.Address : PassageKind.Copy));
                break;
            case JsonValueKind.Number:
                passages.Add(new Passage(field, element.GetRawText(), PassageKind.Copy, IsNumber: true));
                break;
        }
    }

    /// <summary>A name that is more than a name is a text like others.</summary>
    private static void ReadName(string name, string field, ImmutableArray<Passage>.Builder passages)
    {
        if (!IsPlain(name))
            passages.Add(new Passage($"{field} (a member's name)", name, PassageKind.Label));
    }

    private static bool IsPlain(string name) => name.Length is > 0 and <= Limits.IdLength && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.');

    private static string FieldOf(string name) => IsPlain(name) ? name : "…";
}
