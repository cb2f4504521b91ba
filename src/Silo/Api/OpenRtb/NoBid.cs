namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>Why nothing is bid. The standard has a code for few of them; the others are told by a 204, with their name in a header.</summary>
internal enum NoBid
{
    /// <summary>The silo may not know the campaign (<c>nbr</c> 1).</summary>
    Away,

    /// <summary>What the request asks for cannot be read (<c>nbr</c> 2).</summary>
    Invalid,

    /// <summary>There is no time left for an answer (<c>nbr</c> 15).</summary>
    Late,

    /// <summary>The campaign is paused.</summary>
    Paused,

    /// <summary>The campaign has no <c>delivery</c>.</summary>
    Delivery,

    /// <summary>No impression is offered as native.</summary>
    Format,

    /// <summary>Sold under deals alone, or to named seats.</summary>
    Deal,

    /// <summary>Bids are taken in other currencies, or the floor is in another.</summary>
    Currency,

    /// <summary>The campaign's price is below the floor.</summary>
    Floor,

    /// <summary>The advertiser's domain is blocked.</summary>
    Advertiser,

    /// <summary>What is advertised is blocked, or is not among what is allowed.</summary>
    Category,

    /// <summary>The campaign's language is not among those allowed.</summary>
    Language,

    /// <summary>An https address is asked for, and the link or the beacons have none.</summary>
    Secure,

    /// <summary>Impressions could not be counted: no image may track them.</summary>
    Tracking,

    /// <summary>A required asset that no slot of the campaign is for.</summary>
    Asset,

    /// <summary>A required asset that no module of its slot fits.</summary>
    Fit,
}
