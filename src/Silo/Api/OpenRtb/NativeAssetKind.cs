namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>What a native asset asks for.</summary>
internal enum NativeAssetKind
{
    Title,
    Image,
    Data,

    /// <summary>A video, or what later versions add: nothing here fills it.</summary>
    Other,
}
