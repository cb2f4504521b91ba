namespace Flywheel.Grains.Storage;

/// <summary>Names of storage providers.</summary>
public static class StorageNames
{
    public const string Default = "flywheel";
}
