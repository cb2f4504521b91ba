using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Writing;

/// <summary>The text of a slot's modules: what is there, how long it may be, and how a new one is stored.</summary>
internal sealed class SlotText
{
    private const string Member = "text";

    /// <summary>Members other than the text that all modules hold with the same value; a new module keeps them.</summary>
    private readonly ImmutableArray<JsonProperty> _shared;

    private SlotText(Slot slot, ImmutableArray<string> texts, ImmutableArray<JsonProperty> shared) =>
        (MaxLength, Texts, _shared) = (slot.MaxLength, texts, shared);

    /// <summary>Text elements that a text may have; null for no limit of the slot's own.</summary>
    public int? MaxLength { get; }

    public ImmutableArray<string> Texts { get; }

    /// <summary>Null where the slot holds something other than text.</summary>
    /// <param name="refusal">Why, for people.</param>
    public static SlotText? Of(Slot slot, out string? refusal)
    {
        refusal = null;
        var contents = slot.Modules.Select(module => JsonSerializer.Deserialize<JsonElement>(module.Content.Json)).ToArray();
        var texts = contents.Select(TextOf).ToArray();
        if (slot.Kind == "text" || (slot.Kind != "image" && texts.Length > 0 && texts.All(text => text is not null)))
            return new SlotText(slot, [.. texts.OfType<string>()], Shared(contents));
        refusal = $"slot {slot.Id} holds no text (kind {slot.Kind ?? "none"}): a writer of text has nothing to offer for it";
        return null;
    }

    /// <summary>Characters as a reader counts them, and as <see cref="CampaignReader"/> does.</summary>
    public static int Length(string text) => new StringInfo(text).LengthInTextElements;

    public ModuleContent ContentOf(string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonText.Compact))
        {
            writer.WriteStartObject();
            writer.WriteString(Member, text);
            foreach (var member in _shared)
                member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return ModuleContent.From(JsonSerializer.Deserialize<JsonElement>(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    /// <summary>Null where the content holds no text.</summary>
    public static string? TextOf(ModuleContent content) => TextOf(JsonSerializer.Deserialize<JsonElement>(content.Json));

    private static string? TextOf(JsonElement content) =>
        content.TryGetProperty(Member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static ImmutableArray<JsonProperty> Shared(JsonElement[] contents) => contents.Length == 0
        ? []
        : [.. contents[0].EnumerateObject().Where(member => member.Name != Member
            && contents.All(other => other.TryGetProperty(member.Name, out var value) && JsonElement.DeepEquals(value, member.Value)))];
}
