namespace Flywheel.Client;

/// <summary>How a campaign is offered to exchanges, see the engine's <c>docs/openrtb.md</c>.</summary>
/// <param name="Price">What a thousand impressions are bid at, more than 0 to 10,000 with at most 6 decimals.</param>
/// <param name="Link">Where a click leads, an absolute http or https address.</param>
public sealed record DeliveryTerms(decimal Price, string Link)
{
    /// <value>Three capital letters of ISO 4217; <c>USD</c> where it is left out.</value>
    public string? Currency { get; init; }

    /// <value>At most 8 domains of the advertiser; where they are left out, it is the host of the link.</value>
    public IReadOnlyList<string>? Domains { get; init; }

    /// <value>At most 16 codes of the IAB's Content Taxonomy 1.0, such as <c>IAB18-3</c>.</value>
    public IReadOnlyList<string>? Categories { get; init; }
}
