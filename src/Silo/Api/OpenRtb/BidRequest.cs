using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>What of a bid request is read (OpenRTB 2.6, 3.2.1).</summary>
/// <param name="Id">By which it is answered.</param>
/// <param name="Impressions">One or more.</param>
internal sealed record BidRequest(string Id, IReadOnlyList<Impression> Impressions)
{
    private const int MostImpressions = 100;
    private const int MaxDepth = 32;

    /// <summary>Nothing is billed or learnt.</summary>
    public bool IsTest { get; init; }

    /// <summary>Milliseconds for an answer, the way there and back included; null where it says nothing.</summary>
    public int? Patience { get; init; }

    /// <summary>Currencies of bids; empty for any.</summary>
    public IReadOnlyList<string> Currencies { get; init; } = [];

    /// <summary>Seats that may bid; empty for any.</summary>
    public IReadOnlyList<string> Seats { get; init; } = [];

    public IReadOnlyList<string> BlockedDomains { get; init; } = [];
    public IReadOnlyList<string> BlockedCategories { get; init; } = [];

    /// <summary>Categories that may be advertised; empty for any.</summary>
    public IReadOnlyList<string> AllowedCategories { get; init; } = [];

    /// <summary>In which the categories are, see AdCOM; 1 is the IAB's Content Taxonomy 1.0.</summary>
    public int Taxonomy { get; init; } = 1;

    /// <summary>Languages of creatives; empty for any.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Who is decided for, and where.</summary>
    public required BidAudience Audience { get; init; }

    /// <summary>Reads a body; null, and what is wrong, where it is no bid request.</summary>
    public static BidRequest? Read(ReadOnlyMemory<byte> body, out FieldError? error)
    {
        var reader = new MemberReader();
        BidRequest? request = null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                request = ReadRequest(document.RootElement, reader);
            else
                reader.Wrong("", MemberReader.Describe(document.RootElement), "a bid request");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text may hold half a surrogate pair, and JsonElement has no other way to say so.
            reader.Wrong("", $"malformed JSON ({JsonText.FaultOf(e)})", "a bid request");
            request = null;
        }
        error = reader.Error;
        return error is null ? request : null;
    }

    private static BidRequest ReadRequest(JsonElement root, MemberReader reader)
    {
        var id = reader.RequiredText(root, "", "id");
        var impressions = reader.Objects(root, "", "imp", required: true, MostImpressions).Select(item => Impression.Read(item.Element, item.Path, reader)).ToList();
        if (impressions.Where(impression => impression.Id.Length > 0).CountBy(impression => impression.Id).FirstOrDefault(same => same.Value > 1) is { Value: > 1 } twice)
            reader.Wrong("imp", $"the id {Problem.Shorten(twice.Key)} twice", "an id of its own for each");
        return new BidRequest(id, impressions)
        {
            IsTest = reader.Flag(root, "", "test"),
            Patience = reader.Integer(root, "", "tmax"),
            Currencies = reader.Texts(root, "", "cur"),
            Seats = reader.Texts(root, "", "wseat"),
            BlockedDomains = reader.Texts(root, "", "badv"),
            BlockedCategories = reader.Texts(root, "", "bcat"),
            AllowedCategories = reader.Texts(root, "", "acat"),
            Taxonomy = reader.Integer(root, "", "cattax") ?? 1,
            Languages = [.. reader.Texts(root, "", "wlang"), .. reader.Texts(root, "", "wlangb")],
            Audience = BidAudience.Read(root, reader),
        };
    }
}
