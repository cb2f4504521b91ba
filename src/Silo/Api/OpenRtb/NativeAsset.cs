namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>An asset that a native request asks for (Native 1.2, 4.2 to 4.6).</summary>
/// <param name="Id">By which it is answered.</param>
/// <param name="IsRequired">Whether a bid without it is none.</param>
/// <param name="Type">Of data and images, see the standard's tables 7.4 and 7.5; 0 where it says none.</param>
internal sealed record NativeAsset(int Id, bool IsRequired, NativeAssetKind Kind, int Type)
{
    public const int Icon = 1;

    /// <summary>The most characters of its text; null for any number.</summary>
    public int? MaxLength { get; init; }

    /// <summary>In pixels. A width stands for itself where no least width is given, and so does a height.</summary>
    public int? Width { get; init; }
    public int? LeastWidth { get; init; }
    public int? Height { get; init; }
    public int? LeastHeight { get; init; }

    /// <summary>Types of image that it takes; empty for all.</summary>
    public IReadOnlyList<string> Mimes { get; init; } = [];
}
