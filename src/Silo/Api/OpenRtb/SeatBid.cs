namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>The bids of one answer (OpenRTB 2.6, 4.2.2).</summary>
internal sealed record SeatBid(IReadOnlyList<Bid> Bid);
