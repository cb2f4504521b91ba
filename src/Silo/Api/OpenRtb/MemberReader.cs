using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>
/// Reads members of a bid request and keeps the first that is wrong. A member that is null is not there; members that nobody asks for are passed
/// over, as the standard has it.
/// </summary>
internal sealed class MemberReader
{
    /// <summary>Characters of a text, and items of a list, that are read.</summary>
    private const int MostChars = 2_000;
    private const int MostItems = 10_000;

    public FieldError? Error { get; private set; }

    public void Wrong(string field, string came, string expected) => Error ??= new FieldError(field, came, expected);

    /// <summary>The member; null where it is not there.</summary>
    public static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null ? element : null;

    public JsonElement? Object(JsonElement? parent, string path, string name) => Of(parent, path, name, JsonValueKind.Object, "an object");

    /// <summary>The objects of an array, each with its path; none where there is no array.</summary>
    /// <param name="required">Whether there has to be one at least.</param>
    /// <param name="most">How many there may be.</param>
    public IReadOnlyList<(JsonElement Element, string Path)> Objects(JsonElement? parent, string path, string name, bool required, int most)
    {
        var expected = $"an array of {(required ? "1" : "0")} to {most} objects";
        if (Of(parent, path, name, JsonValueKind.Array, expected) is not { } array)
        {
            if (required)
                Wrong(Join(path, name), "nothing", expected);
            return [];
        }
        if (array.GetArrayLength() is var length && (length > most || (required && length == 0)))
        {
            Wrong(Join(path, name), $"{length} items", expected);
            return [];
        }
        var items = array.EnumerateArray().Select((element, i) => (element, Path: $"{Join(path, name)}[{i}]")).ToList();
        foreach (var (element, at) in items.Where(item => item.element.ValueKind != JsonValueKind.Object))
            Wrong(at, Describe(element), "an object");
        return items;
    }

    public string? Text(JsonElement? parent, string path, string name)
    {
        if (Of(parent, path, name, JsonValueKind.String, "text") is not { } element)
            return null;
        if (element.GetString() is { Length: <= MostChars } text)
            return text;
        Wrong(Join(path, name), $"{element.GetString()!.Length} characters", $"at most {MostChars}");
        return null;
    }

    /// <summary>A text that has to be there, and not to be empty.</summary>
    public string RequiredText(JsonElement? parent, string path, string name)
    {
        if (Text(parent, path, name) is { Length: > 0 } text)
            return text;
        Wrong(Join(path, name), "nothing", "text");
        return "";
    }

    public IReadOnlyList<string> Texts(JsonElement? parent, string path, string name)
    {
        if (Items(parent, path, name, "an array of texts") is not { } array)
            return [];
        var texts = new List<string>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.String)
                texts.Add(element.GetString()!);
            else
                Wrong($"{Join(path, name)}[{texts.Count}]", Describe(element), "text");
        }
        return texts;
    }

    public IReadOnlyList<int> Integers(JsonElement? parent, string path, string name)
    {
        if (Items(parent, path, name, "an array of whole numbers") is not { } array)
            return [];
        var numbers = new List<int>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number))
                numbers.Add(number);
            else
                Wrong($"{Join(path, name)}[{numbers.Count}]", Describe(element), "a whole number");
        }
        return numbers;
    }

    /// <summary>A number that is whole and not below 0, written with or without a fraction of nothing.</summary>
    public int? Integer(JsonElement? parent, string path, string name)
    {
        const string Expected = "a whole number from 0 to 2147483647";
        if (Of(parent, path, name, JsonValueKind.Number, Expected) is not { } element)
            return null;
        if (element.TryGetDouble(out var number) && number is >= 0 and <= int.MaxValue && double.IsInteger(number))
            return (int)number;
        Wrong(Join(path, name), Describe(element), Expected);
        return null;
    }

    public double? Number(JsonElement? parent, string path, string name)
    {
        const string Expected = "a number that is not below 0";
        if (Of(parent, path, name, JsonValueKind.Number, Expected) is not { } element)
            return null;
        if (element.TryGetDouble(out var number) && number >= 0 && double.IsFinite(number))
            return number;
        Wrong(Join(path, name), Describe(element), Expected);
        return null;
    }

    /// <summary>A flag: 1 is yes, any other whole number is no.</summary>
    public bool Flag(JsonElement? parent, string path, string name) => Integer(parent, path, name) == 1;

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Problem.Shorten(element.GetRawText()),
    };

    private JsonElement? Items(JsonElement? parent, string path, string name, string expected)
    {
        if (Of(parent, path, name, JsonValueKind.Array, expected) is not { } array || array.GetArrayLength() <= MostItems)
            return Of(parent, path, name, JsonValueKind.Array, expected);
        Wrong(Join(path, name), $"{array.GetArrayLength()} items", $"at most {MostItems}");
        return null;
    }

    private JsonElement? Of(JsonElement? parent, string path, string name, JsonValueKind kind, string expected)
    {
        if (Member(parent, name) is not { } element)
            return null;
        if (element.ValueKind == kind)
            return element;
        Wrong(Join(path, name), Describe(element), expected);
        return null;
    }
}
