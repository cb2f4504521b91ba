using System.Runtime.CompilerServices;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>What a module has for native assets.</summary>
/// <param name="Text">Its text; null for none.</param>
/// <param name="Url">The absolute http or https address of its image; null for none.</param>
/// <param name="Width">Of the image in pixels; null where the content does not say.</param>
internal sealed record NativeContent(string? Text, Uri? Url, int? Width, int? Height)
{
    /// <summary>Parsed once for each campaign that is served, and gone with it.</summary>
    private static readonly ConditionalWeakTable<PublishedCampaign, NativeContent[][]> Known = [];

    private static readonly Dictionary<string, string> MimesByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".svg"] = "image/svg+xml",
        [".avif"] = "image/avif",
    };

    /// <summary>By slot and module, in the order of the document.</summary>
    public static NativeContent[][] Of(PublishedCampaign published) =>
        Known.GetValue(published, each => [.. each.Campaign.Slots.Select(slot => slot.Modules.Select(module => Read(module.Content)).ToArray())]);

    /// <summary>
    /// Whether it can stand in the place of an asset. Texts are measured in UTF-16 code units, of which no other count of characters finds more. An
    /// image whose size or type nobody stated is taken to fit.
    /// </summary>
    public bool Fits(NativeAsset asset, bool isSecure) => asset.Kind switch
    {
        NativeAssetKind.Title or NativeAssetKind.Data => Fits(Text, asset),
        NativeAssetKind.Image => Url is not null && (!isSecure || Url.Scheme == Uri.UriSchemeHttps)
            && FitsSize(Width, asset.Width, asset.LeastWidth) && FitsSize(Height, asset.Height, asset.LeastHeight) && FitsMime(asset.Mimes),
        _ => false,
    };

    public static bool Fits(string? text, NativeAsset asset) => !string.IsNullOrEmpty(text) && (asset.MaxLength is not { } longest || text.Length <= longest);

    private static bool FitsSize(int? own, int? exact, int? least) =>
        own is not { } pixels || (least is { } minimum ? pixels >= minimum : exact is not { } wanted || pixels == wanted);

    private bool FitsMime(IReadOnlyList<string> mimes) =>
        mimes.Count == 0 || !MimesByEnding.TryGetValue(Path.GetExtension(Url!.AbsolutePath), out var own)
        || mimes.Any(mime => mime.Equals(own, StringComparison.OrdinalIgnoreCase) || (own == "image/jpeg" && mime.Equals("image/jpg", StringComparison.OrdinalIgnoreCase)));

    private static NativeContent Read(ModuleContent content)
    {
        using var document = JsonDocument.Parse(content.Json);
        return new NativeContent(
            TextOf(document.RootElement, "text"),
            Uri.TryCreate(TextOf(document.RootElement, "url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null,
            PixelsOf(document.RootElement, "w", "width"),
            PixelsOf(document.RootElement, "h", "height"));
    }

    private static string? TextOf(JsonElement content, string name) => content.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static int? PixelsOf(JsonElement content, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (content.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var pixels) && pixels > 0)
                return pixels;
        }
        return null;
    }
}
