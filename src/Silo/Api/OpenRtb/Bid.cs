namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>An offer for one impression (OpenRTB 2.6, 4.2.3).</summary>
/// <param name="Id">The decision's id; in test mode, where none is made, the impression's.</param>
/// <param name="Impid">The impression's.</param>
/// <param name="Price">Of a thousand.</param>
/// <param name="Adm">The native answer, as JSON within a text.</param>
/// <param name="Adomain">The advertiser's domains.</param>
/// <param name="Cid">The campaign's id.</param>
/// <param name="Crid">Of the combination: the same for the same modules in the same versions.</param>
/// <param name="Exp">Seconds within which the impression has to come to be counted: the attribution window.</param>
internal sealed record Bid(string Id, string Impid, decimal Price, string Adm, IReadOnlyList<string> Adomain, string Cid, string Crid, uint Exp)
{
    private const int NativeMarkup = 4;

    public int Mtype { get; } = NativeMarkup;

    /// <summary>An image that stands for it.</summary>
    public string? Iurl { get; init; }

    /// <summary>What is advertised, in the IAB's Content Taxonomy 1.0.</summary>
    public IReadOnlyList<string>? Cat { get; init; }

    /// <summary>Two letters of ISO 639-1.</summary>
    public string? Language { get; init; }
}
