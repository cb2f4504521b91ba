using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>
/// Reads members of a JSON document and collects what is wrong with it, each with the path of the member, so that a caller
/// can mend everything at once. At most <see cref="MaxErrors"/> are kept.
/// </summary>
internal sealed class DocumentReader
{
    private const int MaxErrors = 50;
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public void Add(string field, string came, string expected)
    {
        if (_errors.Count < MaxErrors)
            _errors.Add(new FieldError(field, came, expected));
    }

    /// <summary>True where the element is an object; members that are not <paramref name="known"/> are errors.</summary>
    public bool IsObject(JsonElement element, string field, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Add(field, Describe(element), "an object");
            return false;
        }
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                Add(Join(field, Shorten(member.Name)), "an unknown member", string.Join(", ", known!));
        }
        return true;
    }

    public ImmutableArray<T> Array<T>(JsonElement parent, string field, string name, int least, int most, bool required, Func<JsonElement, string, T?> read)
        where T : class
    {
        var path = Join(field, name);
        if (!parent.TryGetProperty(name, out var array))
        {
            if (required)
                Add(path, "nothing", $"an array of {least} to {most}");
            return [];
        }
        if (array.ValueKind != JsonValueKind.Array)
        {
            Add(path, Describe(array), "an array");
            return [];
        }
        var length = array.GetArrayLength();
        if (length < least || length > most)
        {
            Add(path, string.Create(CultureInfo.InvariantCulture, $"{length} items"), $"{least} to {most}");
            return [];
        }
        var items = ImmutableArray.CreateBuilder<T>(length);
        foreach (var element in array.EnumerateArray())
        {
            if (read(element, $"{path}[{items.Count}]") is { } item)
                items.Add(item);
            else
                return [];
        }
        return items.ToImmutable();
    }

    public ImmutableArray<string> Texts(JsonElement parent, string field, string name) =>
        Array(parent, field, name, 0, Limits.BriefItems, required: false, (element, path) => TextValue(element, path, Limits.TextLength));

    public string? Text(JsonElement parent, string field, string name, int longest) =>
        parent.TryGetProperty(name, out var element) ? TextValue(element, Join(field, name), longest) : null;

    public string? Id(JsonElement parent, string field)
    {
        var path = Join(field, "id");
        if (!parent.TryGetProperty("id", out var element))
            Add(path, "nothing", Ids.Pattern);
        else if (element.ValueKind == JsonValueKind.String && Ids.IsValid(element.GetString()))
            return element.GetString();
        else
            Add(path, Describe(element), Ids.Pattern);
        return null;
    }

    public double? Number(JsonElement parent, string field, string name, double least, double most)
    {
        if (!parent.TryGetProperty(name, out var element))
            return null;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value >= least && value <= most)
            return value;
        Add(Join(field, name), Describe(element), string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return null;
    }

    public int? Integer(JsonElement parent, string field, string name, int least, int most)
    {
        if (!parent.TryGetProperty(name, out var element))
            return null;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= least && value <= most)
            return value;
        Add(Join(field, name), Describe(element), string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return null;
    }

    public T? OneOf<T>(JsonElement parent, string field, string name)
        where T : struct, Enum
    {
        if (!parent.TryGetProperty(name, out var element))
            return null;
        if (element.ValueKind == JsonValueKind.String)
        {
            foreach (var value in Enum.GetValues<T>())
            {
                if (element.ValueEquals(NameOf(value)))
                    return value;
            }
        }
        Add(Join(field, name), Describe(element), string.Join(" or ", Enum.GetValues<T>().Select(NameOf)));
        return null;
    }

    public void NoTwins<T>(ImmutableArray<T> items, Func<T, string> id, string field)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Length; i++)
        {
            if (!seen.TryAdd(id(items[i]), i))
                Add($"{field}[{i}].id", $"\"{id(items[i])}\" again", $"an id of its own ({field}[{seen[id(items[i])]}] has this one)");
        }
    }

    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static string Join(string field, string name) => field.Length == 0 ? name : $"{field}.{name}";

    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Shorten(element.GetRawText()),
    };

    public static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";

    private string? TextValue(JsonElement element, string field, int longest)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { } text)
        {
            if (text.Length <= longest)
                return text;
            Add(field, $"{text.Length} characters", $"at most {longest}");
            return null;
        }
        Add(field, Describe(element), "text");
        return null;
    }
}
