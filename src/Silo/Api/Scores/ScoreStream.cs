using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Scores;

/// <summary>
/// Scores as server-sent events: the whole document first, then whenever it changed. Each event's id names the state it shows, so a client
/// that comes back with <c>Last-Event-ID</c> hears nothing until there is something new.
/// </summary>
internal sealed class ScoreStream(EventStreams streams, ScoresWriter writer)
{
    public Task RunAsync(HttpContext context, string id, string? segment, bool byChannel)
    {
        var seen = context.Request.Headers["Last-Event-ID"].ToString();
        return streams.RunAsync(context, id, campaign =>
        {
            var state = StateOf(campaign, segment);
            if (state == seen)
                return null;
            seen = state;
            return Event(campaign, segment, byChannel, state);
        });
    }

    /// <summary>Names what a document shows: the campaign's revision and the sum of its policies' versions, which only ever rise.</summary>
    private static string StateOf(ReplicatedCampaign campaign, string? segment)
    {
        var versions = campaign.Segments.Where(each => segment is null || each.Id.Segment == segment).Sum(each => each.Served?.Fit.Policy.Version ?? 0);
        return string.Create(CultureInfo.InvariantCulture, $"{campaign.Published.Incarnation}-{campaign.Published.Revision}-{versions}");
    }

    private ReadOnlyMemory<byte> Event(ReplicatedCampaign campaign, string? segment, bool byChannel, string state)
    {
        var bytes = new ArrayBufferWriter<byte>(4_096);
        Encoding.UTF8.GetBytes($"event: scores\nid: {state}\ndata: ", bytes);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Compact))
            writer.Write(json, campaign, segment, byChannel);
        bytes.Write("\n\n"u8);
        return bytes.WrittenMemory;
    }
}
