using System.Buffers;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>Writes the answer to a native request (Native 1.2, 5): assets, where a click leads, and beacons.</summary>
internal static class NativeMarkup
{
    private const int ImpressionEvent = 1;
    private const int ImageMethod = 1;

    /// <summary>Events beyond the impression, and the signals that they are: the standard's own names (7.6).</summary>
    private static readonly (int Event, string Type)[] Viewings = [(2, "viewable-mrc50"), (3, "viewable-mrc100"), (4, "viewable-video50")];

    /// <summary>Whether impressions can be counted: the request allows an image for them, or says nothing of events.</summary>
    public static bool CanTrack(NativeRequest request) => request.ImageEvents?.Contains(ImpressionEvent) != false;

    /// <param name="parts">What is filled.</param>
    /// <param name="contents">The chosen module's content, by slot.</param>
    /// <param name="link">Where a click leads.</param>
    /// <param name="beacon">The address of the decision's beacon of a type; null where there is no decision.</param>
    /// <param name="counts">Whether the campaign counts signals of a type.</param>
    public static string Write(NativeRequest request, IReadOnlyList<NativePart> parts, IReadOnlyList<NativeContent> contents, string link, Func<string, string>? beacon, Func<string, bool> counts)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(output, JsonText.Compact))
        {
            json.WriteStartObject();
            if (request.IsWrapped)
                json.WriteStartObject("native"u8);
            json.WriteString("ver"u8, request.Version);
            json.WriteStartArray("assets"u8);
            foreach (var part in parts)
                WriteAsset(json, part, part.Slot < 0 ? null : contents[part.Slot]);
            json.WriteEndArray();
            json.WriteStartObject("link"u8);
            json.WriteString("url"u8, link);
            if (beacon is not null)
                WriteTexts(json, "clicktrackers", beacon("click"));
            json.WriteEndObject();
            if (beacon is not null)
                WriteTrackers(json, request.ImageEvents, beacon, counts);
            if (request.IsWrapped)
                json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void WriteAsset(Utf8JsonWriter json, NativePart part, NativeContent? content)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, part.Asset.Id);
        if (part.Asset.IsRequired)
            json.WriteNumber("required"u8, 1);
        switch (part.Asset.Kind)
        {
            case NativeAssetKind.Title:
                json.WriteStartObject("title"u8);
                json.WriteString("text"u8, content!.Text);
                break;
            case NativeAssetKind.Image:
                json.WriteStartObject("img"u8);
                json.WriteString("url"u8, content!.Url!.AbsoluteUri);
                if (content.Width is { } width)
                    json.WriteNumber("w"u8, width);
                if (content.Height is { } height)
                    json.WriteNumber("h"u8, height);
                break;
            default:
                json.WriteStartObject("data"u8);
                json.WriteString("value"u8, part.Text ?? content!.Text);
                break;
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Only what the request says may be tracked; where it says nothing, as before 1.2, by <c>imptrackers</c>.</summary>
    private static void WriteTrackers(Utf8JsonWriter json, IReadOnlySet<int>? events, Func<string, string> beacon, Func<string, bool> counts)
    {
        if (events is null)
        {
            WriteTexts(json, "imptrackers", beacon(SignalTypes.Impression) + ".gif");
            return;
        }
        json.WriteStartArray("eventtrackers"u8);
        foreach (var (tracked, type) in ((int, string)[])[(ImpressionEvent, SignalTypes.Impression), .. Viewings.Where(viewing => events.Contains(viewing.Event) && counts(viewing.Type))])
        {
            json.WriteStartObject();
            json.WriteNumber("event"u8, tracked);
            json.WriteNumber("method"u8, ImageMethod);
            json.WriteString("url"u8, beacon(type) + ".gif");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
