using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>What a native impression asks for (Native 1.2, 4.1).</summary>
/// <param name="Version">1.0, 1.1 or 1.2: the answer's too.</param>
/// <param name="IsWrapped">Whether it came within a member <c>native</c>, as before 1.1; the answer does, too.</param>
/// <param name="Assets">One or more.</param>
/// <param name="ImageEvents">Events that may be tracked by an image; null where the request says nothing of events.</param>
internal sealed record NativeRequest(string Version, bool IsWrapped, IReadOnlyList<NativeAsset> Assets, IReadOnlySet<int>? ImageEvents)
{
    private const string Newest = "1.2";
    private const int MostAssets = 64;
    private const int MostTrackers = 32;
    private const int ImageMethod = 1;
    private const int MaxDepth = 32;

    private static readonly string[] Versions = ["1.0", "1.1", Newest];

    /// <summary>Reads the member <c>native</c> of an impression, whose request is JSON within a text, or an object as some exchanges send it.</summary>
    /// <returns>Null, and the reader says why, where there is none.</returns>
    public static NativeRequest? Read(JsonElement native, string path, MemberReader reader)
    {
        var at = MemberReader.Join(path, "request");
        if (MemberReader.Member(native, "request") is not { ValueKind: JsonValueKind.String or JsonValueKind.Object } request)
        {
            reader.Wrong(at, MemberReader.Member(native, "request") is { } other ? MemberReader.Describe(other) : "nothing", "a native request, as JSON within a text or as an object");
            return null;
        }
        var outer = reader.Text(native, path, "ver");
        if (request.ValueKind == JsonValueKind.Object)
            return ReadRequest(request, at, outer, reader);
        try
        {
            using var document = JsonDocument.Parse(request.GetString()!, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return ReadRequest(document.RootElement, at, outer, reader);
        }
        catch (JsonException e)
        {
            reader.Wrong(at, $"malformed JSON ({JsonText.FaultOf(e)})", "a native request as JSON within a text");
            return null;
        }
    }

    private static NativeRequest? ReadRequest(JsonElement root, string path, string? outer, MemberReader reader)
    {
        var wrapped = MemberReader.Member(root, "native");
        var request = wrapped ?? root;
        if (request.ValueKind != JsonValueKind.Object)
        {
            reader.Wrong(path, MemberReader.Describe(request), "an object");
            return null;
        }
        var version = reader.Text(request, path, "ver") ?? outer;
        var assets = reader.Objects(request, path, "assets", required: true, MostAssets).Select(asset => ReadAsset(asset.Element, asset.Path, reader)).ToList();
        if (assets.CountBy(asset => asset.Id).FirstOrDefault(same => same.Value > 1) is { Value: > 1 } twice)
            reader.Wrong(MemberReader.Join(path, "assets"), $"the id {twice.Key} twice", "an id of its own for each");
        var events = ReadEvents(request, path, reader);
        return reader.Error is null ? new NativeRequest(Versions.Contains(version) ? version! : Newest, wrapped is not null, assets, events) : null;
    }

    private static NativeAsset ReadAsset(JsonElement asset, string path, MemberReader reader)
    {
        if (MemberReader.Member(asset, "id") is null)
            reader.Wrong(MemberReader.Join(path, "id"), "nothing", "a whole number");
        var id = reader.Integer(asset, path, "id") ?? 0;
        var isRequired = reader.Flag(asset, path, "required");
        if (reader.Object(asset, path, "title") is { } title)
            return new NativeAsset(id, isRequired, NativeAssetKind.Title, 0) { MaxLength = Required(title, MemberReader.Join(path, "title"), "len", reader) };
        if (reader.Object(asset, path, "img") is { } image)
            return ReadImage(id, isRequired, image, MemberReader.Join(path, "img"), reader);
        if (reader.Object(asset, path, "data") is not { } data)
            return new NativeAsset(id, isRequired, NativeAssetKind.Other, 0);
        var at = MemberReader.Join(path, "data");
        return new NativeAsset(id, isRequired, NativeAssetKind.Data, Required(data, at, "type", reader)) { MaxLength = reader.Integer(data, at, "len") };
    }

    private static NativeAsset ReadImage(int id, bool isRequired, JsonElement image, string path, MemberReader reader) =>
        new(id, isRequired, NativeAssetKind.Image, reader.Integer(image, path, "type") ?? 0)
        {
            Width = reader.Integer(image, path, "w"),
            LeastWidth = reader.Integer(image, path, "wmin"),
            Height = reader.Integer(image, path, "h"),
            LeastHeight = reader.Integer(image, path, "hmin"),
            Mimes = reader.Texts(image, path, "mimes"),
        };

    private static int Required(JsonElement parent, string path, string name, MemberReader reader)
    {
        if (reader.Integer(parent, path, name) is { } number)
            return number;
        reader.Wrong(MemberReader.Join(path, name), "nothing", "a whole number");
        return 0;
    }

    /// <summary>An entry that names no method says nothing.</summary>
    private static HashSet<int>? ReadEvents(JsonElement request, string path, MemberReader reader)
    {
        var stated = reader.Objects(request, path, "eventtrackers", required: false, MostTrackers)
            .Select(tracker => (Event: reader.Integer(tracker.Element, tracker.Path, "event"), Methods: reader.Integers(tracker.Element, tracker.Path, "methods")))
            .Where(tracker => tracker.Event is not null && tracker.Methods.Count > 0)
            .ToList();
        return stated.Count == 0 ? null : [.. stated.Where(tracker => tracker.Methods.Contains(ImageMethod)).Select(tracker => tracker.Event!.Value)];
    }
}
