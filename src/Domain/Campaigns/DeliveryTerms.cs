using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>How a campaign is offered where its places are sold: a fixed price, and what is shown leads to. Budgets and pacing are kept elsewhere.</summary>
public sealed record DeliveryTerms
{
    /// <summary>What a thousand impressions are bid at, in millionths of the currency; 1 to 10^10.</summary>
    public required long PriceMicros { get; init; }

    /// <summary>The price's currency, three capital letters of ISO 4217.</summary>
    public string Currency { get; init; } = DefaultCurrency;

    /// <summary>Where a click leads, an absolute http or https address.</summary>
    public required string Link { get; init; }

    /// <summary>The advertiser's domains; where none are named, it is the host of <see cref="Link"/>.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>What is advertised, in codes of the IAB's Content Taxonomy 1.0 such as <c>IAB18</c> or <c>IAB18-3</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    public const string DefaultCurrency = "USD";

    /// <summary>The domains that the advertiser is known by; one or more.</summary>
    public ImmutableArray<string> KnownDomains() => Domains.IsEmpty ? [new Uri(Link).Host] : Domains;

    public bool Equals(DeliveryTerms? other) => other is not null && PriceMicros == other.PriceMicros && Currency == other.Currency && Link == other.Link
        && Domains.SequenceEqual(other.Domains) && Categories.SequenceEqual(other.Categories);

    public override int GetHashCode() => HashCode.Combine(PriceMicros, Currency, Link);
}
