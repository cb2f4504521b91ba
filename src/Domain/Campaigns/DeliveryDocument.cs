using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Flywheel.Domain.Campaigns;

/// <summary>The member <c>delivery</c> of a campaign document, read and written.</summary>
internal static partial class DeliveryDocument
{
    private const string Field = "delivery";
    private const int MostDomains = 8;
    private const int MostCategories = 16;
    private const int DomainLength = 253;
    private const decimal HighestPrice = 10_000;

    public static DeliveryTerms? Read(DocumentReader reader, JsonElement root)
    {
        if (!root.TryGetProperty(Field, out var delivery) || !reader.IsObject(delivery, Field, "price", "currency", "link", "domains", "categories"))
            return null;
        var price = ReadPrice(reader, delivery);
        var currency = ReadText(reader, delivery, "currency", CurrencyPattern(), "three capital letters of ISO 4217 such as USD");
        var link = ReadLink(reader, delivery);
        var domains = ReadTexts(reader, delivery, "domains", MostDomains, DomainPattern(), "a domain in small letters such as example.com");
        var categories = ReadTexts(reader, delivery, "categories", MostCategories, CategoryPattern(), "a category of the IAB's Content Taxonomy 1.0 such as IAB18-3");
        return price is { } micros && link is not null
            ? new DeliveryTerms { PriceMicros = micros, Currency = currency ?? DeliveryTerms.DefaultCurrency, Link = link, Domains = domains, Categories = categories }
            : null;
    }

    public static void Write(Utf8JsonWriter json, DeliveryTerms delivery)
    {
        json.WriteStartObject(Field);
        json.WriteNumber("price", delivery.PriceMicros / (decimal)Rewards.Micro);
        json.WriteString("currency", delivery.Currency);
        json.WriteString("link", delivery.Link);
        WriteTexts(json, "domains", delivery.Domains);
        WriteTexts(json, "categories", delivery.Categories);
        json.WriteEndObject();
    }

    private static long? ReadPrice(DocumentReader reader, JsonElement delivery)
    {
        var isThere = delivery.TryGetProperty("price", out var element);
        if (isThere && element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var price)
            && price is > 0 and <= HighestPrice && price * Rewards.Micro == decimal.Truncate(price * Rewards.Micro))
            return (long)(price * Rewards.Micro);
        reader.Add($"{Field}.price", isThere ? DocumentReader.Describe(element) : "nothing", "the price of a thousand impressions, more than 0 to 10,000 with at most 6 decimals");
        return null;
    }

    private static string? ReadLink(DocumentReader reader, JsonElement delivery)
    {
        const string Expected = "where a click leads, an absolute http or https address of at most 2000 characters";
        if (!delivery.TryGetProperty("link", out var element))
            reader.Add($"{Field}.link", "nothing", Expected);
        else if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= Limits.TextLength } link
            && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0)
            return link;
        else
            reader.Add($"{Field}.link", DocumentReader.Describe(element), Expected);
        return null;
    }

    private static string? ReadText(DocumentReader reader, JsonElement delivery, string name, Regex pattern, string expected) =>
        delivery.TryGetProperty(name, out var element) ? Match(reader, element, $"{Field}.{name}", pattern, expected) : null;

    private static ImmutableArray<string> ReadTexts(DocumentReader reader, JsonElement delivery, string name, int most, Regex pattern, string expected) =>
        reader.Array(delivery, Field, name, 0, most, required: false, (element, field) => Match(reader, element, field, pattern, expected));

    private static string? Match(DocumentReader reader, JsonElement element, string field, Regex pattern, string expected)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= DomainLength } text && pattern.IsMatch(text))
            return text;
        reader.Add(field, DocumentReader.Describe(element), expected);
        return null;
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        if (texts.IsEmpty)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    [GeneratedRegex(@"\A[A-Z]{3}\z")]
    private static partial Regex CurrencyPattern();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\z")]
    private static partial Regex DomainPattern();

    [GeneratedRegex(@"\AIAB[0-9]{1,2}(-[0-9]{1,2})?\z")]
    private static partial Regex CategoryPattern();
}
