using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>
/// Which slot of a campaign is for which asset. A slot whose id is one of the standard's names is for that asset. Of the others the first of texts is
/// for the title and the next for the description, and the first of images for the main image.
/// </summary>
internal sealed class NativeSlots
{
    private const int Description = 2;

    private static readonly string[] Titles = ["title", "headline"];
    private static readonly string[] Icons = ["icon", "logo"];
    private static readonly string[] MainImages = ["main", "image"];

    /// <summary>By the number of the type (Native 1.2, 7.4).</summary>
    private static readonly string[][] DataNames =
    [
        [], ["sponsored", "brand"], ["desc", "description", "body"], ["rating"], ["likes"], ["downloads"], ["price"], ["salesprice", "saleprice"],
        ["phone"], ["address"], ["desc2"], ["displayurl"], ["ctatext", "cta"],
    ];

    private static readonly HashSet<string> Names = [.. Titles, .. Icons, .. MainImages, .. DataNames.SelectMany(names => names)];

    private readonly Campaign _campaign;
    private readonly int _title;
    private readonly int _description;
    private readonly int _image;

    public NativeSlots(Campaign campaign)
    {
        _campaign = campaign;
        var texts = Unnamed("text");
        _title = Named(Titles) ?? Next(texts);
        _description = Named(DataNames[Description]) ?? Next(texts);
        _image = Named(MainImages) ?? Next(Unnamed("image"));
    }

    /// <summary>The place of the slot that is for an asset; −1 where none is.</summary>
    public int For(NativeAsset asset) => asset.Kind switch
    {
        NativeAssetKind.Title => _title,
        NativeAssetKind.Image => asset.Type == NativeAsset.Icon ? Named(Icons) ?? -1 : _image,
        NativeAssetKind.Data => asset.Type == Description ? _description : asset.Type < DataNames.Length ? Named(DataNames[asset.Type]) ?? -1 : -1,
        _ => -1,
    };

    /// <summary>What the campaign says where no slot is for an asset; null where it says nothing.</summary>
    public string? TextFor(NativeAsset asset) => (asset.Kind, asset.Type) switch
    {
        (NativeAssetKind.Data, 1) => _campaign.Brief?.Brand,
        (NativeAssetKind.Data, 11) => _campaign.Delivery!.KnownDomains()[0],
        _ => null,
    };

    private int? Named(string[] names)
    {
        foreach (var name in names)
        {
            for (var slot = 0; slot < _campaign.Slots.Length; slot++)
            {
                if (_campaign.Slots[slot].Id == name)
                    return slot;
            }
        }
        return null;
    }

    private Queue<int> Unnamed(string kind) => new(Enumerable.Range(0, _campaign.Slots.Length).Where(slot => _campaign.Slots[slot].Kind == kind && !Names.Contains(_campaign.Slots[slot].Id)));

    private static int Next(Queue<int> slots) => slots.TryDequeue(out var slot) ? slot : -1;
}
