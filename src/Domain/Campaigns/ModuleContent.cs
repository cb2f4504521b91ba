using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>
/// A module's content: a JSON object that is served as it was written. Two contents are the same when they hold the same
/// members, in whatever order and spacing.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class ModuleContent : IEquatable<ModuleContent>
{
    public static readonly ModuleContent Empty = new("{}", Mixing.Of("{}"));

    private ModuleContent(string json, ulong hash) => (Json, Hash) = (json, hash);

    /// <summary>The compact JSON text.</summary>
    public string Json { get; }

    /// <summary>A hash of the members in sorted order: what a module's version stands for.</summary>
    public ulong Hash { get; }

    public static ModuleContent From(JsonElement element) =>
        TryFrom(element) ?? throw new ArgumentException("Content must be Unicode text, came half a surrogate pair.", nameof(element));

    /// <summary>The content; null where a text or a name in it is no Unicode, which JSON can spell (<c>"\ud800"</c>) and nobody can serve.</summary>
    public static ModuleContent? TryFrom(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"Content must be a JSON object, came {element.ValueKind}.", nameof(element));
        try
        {
            return new ModuleContent(Write(element, sorted: false), Mixing.Of(Write(element, sorted: true)));
        }
        catch (InvalidOperationException)
        {
            // JsonElement has no other way to say that a string can't be decoded.
            return null;
        }
    }

    public bool Equals(ModuleContent? other) => other is not null && other.Hash == Hash;

    public override bool Equals(object? obj) => Equals(obj as ModuleContent);

    public override int GetHashCode() => Hash.GetHashCode();

    private static string Write(JsonElement element, bool sorted)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonText.Compact))
            Copy(element, writer, sorted);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer, bool sorted)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var members = element.EnumerateObject().AsEnumerable();
                foreach (var member in sorted ? members.OrderBy(m => m.Name, StringComparer.Ordinal) : members)
                {
                    writer.WritePropertyName(member.Name);
                    Copy(member.Value, writer, sorted);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Copy(item, writer, sorted);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private sealed class Converter : JsonConverter<ModuleContent>
    {
        public override ModuleContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryFrom(JsonElement.ParseValue(ref reader)) ?? throw new JsonException("Content must be Unicode text, came half a surrogate pair.");

        public override void Write(Utf8JsonWriter writer, ModuleContent value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Json, skipInputValidation: true);
    }
}
