namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>An asset that is going to be filled.</summary>
/// <param name="Slot">By the module that is chosen for this slot; −1 for <paramref name="Text"/>.</param>
internal readonly record struct NativePart(NativeAsset Asset, int Slot, string? Text);
