using System.Buffers;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>Whom a bid request is for and where, as segments can go by it. What would tell a person apart is not read where the request opts out.</summary>
/// <param name="Unit">Whom the exchange knows: <c>user.buyeruid</c>, <c>user.id</c> or <c>device.ifa</c>; null where it opts out, or names nobody.</param>
/// <param name="Members">Of the context.</param>
internal sealed record BidAudience(string? Unit, IReadOnlyList<KeyValuePair<string, string>> Members)
{
    /// <summary>The channel that all of it is counted under.</summary>
    private const string Channel = "openrtb";

    private const string DeviceType = "deviceType";

    public static BidAudience Read(JsonElement root, MemberReader reader)
    {
        var (device, user, regs) = (reader.Object(root, "", "device"), reader.Object(root, "", "user"), reader.Object(root, "", "regs"));
        var geo = reader.Object(device, "device", "geo");
        var (site, app) = (reader.Object(root, "", "site"), reader.Object(root, "", "app"));
        var isOut = IsOptedOut(device, regs, reader);
        // Each is read, so that it is told where one is wrong.
        string?[] units = [reader.Text(user, "user", "buyeruid"), reader.Text(user, "user", "id"), reader.Text(device, "device", "ifa")];
        var city = reader.Text(geo, "device.geo", "city");
        (string Name, string? Value)[] members =
        [
            ("country", reader.Text(geo, "device.geo", "country")),
            ("region", reader.Text(geo, "device.geo", "region")),
            ("city", isOut ? null : city),
            ("os", reader.Text(device, "device", "os")),
            ("language", reader.Text(device, "device", "language")),
            (DeviceType, reader.Integer(device, "device", "devicetype")?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("site", reader.Text(site, "site", "domain")),
            ("app", reader.Text(app, "app", "bundle")),
        ];
        return new BidAudience(
            isOut ? null : units.FirstOrDefault(unit => !string.IsNullOrEmpty(unit)),
            [.. members.Where(member => !string.IsNullOrEmpty(member.Value)).Select(member => KeyValuePair.Create(member.Name, member.Value!))]);
    }

    /// <summary>The context of a decision, as UTF-8 JSON.</summary>
    /// <param name="placement">The impression's <c>tagid</c>.</param>
    public byte[] ContextFor(string? placement)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, JsonText.Compact))
        {
            json.WriteStartObject();
            json.WriteString("channel"u8, Channel);
            if (!string.IsNullOrEmpty(placement))
                json.WriteString("placement"u8, placement);
            foreach (var (name, value) in Members)
            {
                if (name == DeviceType)
                    json.WriteNumber(name, int.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
                else
                    json.WriteString(name, value);
            }
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The unit as UTF-8; empty for nobody.</summary>
    public byte[] UnitBytes() => Unit is null ? [] : Encoding.UTF8.GetBytes(Unit);

    /// <summary>
    /// A device that limits tracking, a child, or a law that asks for a consent: consent strings are not read, so whoever is under one has given
    /// none.
    /// </summary>
    private static bool IsOptedOut(JsonElement? device, JsonElement? regs, MemberReader reader)
    {
        var ext = reader.Object(regs, "regs", "ext");
        bool[] signs =
        [
            reader.Flag(device, "device", "lmt"),
            reader.Flag(device, "device", "dnt"),
            reader.Flag(regs, "regs", "coppa"),
            reader.Flag(regs, "regs", "gdpr"),
            reader.Flag(ext, "regs.ext", "gdpr"),
            SellsNot(reader.Text(regs, "regs", "us_privacy")),
            SellsNot(reader.Text(ext, "regs.ext", "us_privacy")),
            !string.IsNullOrEmpty(reader.Text(regs, "regs", "gpp")),
            reader.Integers(regs, "regs", "gpp_sid").Any(section => section > 0),
        ];
        return signs.Contains(true);
    }

    /// <summary>The third of the four characters of a US privacy string says whether the person opted out of the sale of data.</summary>
    private static bool SellsNot(string? privacy) => privacy is { Length: >= 3 } && privacy[2] is 'Y' or 'y';
}
