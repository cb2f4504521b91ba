namespace Flywheel.Grains.Campaigns;

/// <summary>Why a document that is well formed cannot be stored.</summary>
public enum PublishRefusal
{
    /// <summary>All modules of a slot are stopped.</summary>
    Stopped,

    /// <summary>The campaign has had as many segments as one can have.</summary>
    Segments,

    /// <summary>The campaign has had as many modules as one can have.</summary>
    Modules,

    /// <summary>The tenant has as many campaigns as it may have.</summary>
    Tenant,

    /// <summary>The engine has as many campaigns as it can have.</summary>
    Engine,
}
