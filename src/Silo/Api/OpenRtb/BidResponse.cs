using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>An answer to a bid request (OpenRTB 2.6, 4.2.1): bids, or why there are none.</summary>
/// <param name="Id">The request's.</param>
internal sealed record BidResponse(string Id, IReadOnlyList<SeatBid> Seatbid)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The currency of all prices.</summary>
    public string? Cur { get; init; }

    /// <summary>The reason for not bidding, one of the standard's codes.</summary>
    public int? Nbr { get; init; }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, Options);
}
