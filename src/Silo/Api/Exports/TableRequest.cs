using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Which table of which campaign is asked for, and how.</summary>
/// <param name="Segment">This segment alone; null for all.</param>
internal sealed record TableRequest(ReplicatedCampaign Campaign, TableFormat Format, string? Segment)
{
    private const int Listed = 10;

    /// <param name="query">May have errors already; they are told with those that are found here.</param>
    /// <param name="id">The campaign's key.</param>
    /// <param name="refusal">What is wrong; null for nothing.</param>
    public static TableRequest? Read(QueryReader query, HttpRequest request, string id, CampaignReplica replica, out IResult? refusal)
    {
        refusal = null;
        if (replica.Find(id) is not { } campaign)
        {
            refusal = Problem.NotFound(id);
            return null;
        }
        var (format, segment) = (TableFormats.Read(query, request), query.Text("segment"));
        if (segment is not null && campaign.Segment(segment) is null)
            query.Errors.Add(new FieldError("segment", $"\"{Problem.Shorten(segment)}\"", $"a segment of {CampaignKeys.IdOf(id)}, such as {string.Join(", ", campaign.Layout.SegmentIds.TakeLast(Listed))}"));
        if (query.Errors.Count > 0)
            refusal = Problem.BadRequest(query.Errors);
        return refusal is null ? new TableRequest(campaign, format, segment) : null;
    }
}
