using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Scores;

/// <summary>
/// Scores as server-sent events: the whole document first, then whenever it changed; and <c>messaging</c> events, which say that something else
/// of the campaign did. Each event's id names the state that was shown, so a client that comes back with <c>Last-Event-ID</c> hears nothing
/// until there is something new.
/// </summary>
internal sealed class ScoreStream(EventStreams streams, ScoresWriter writer)
{
    public Task RunAsync(HttpContext context, string id, string? segment, bool byChannel)
    {
        var (scores, messaging) = context.Request.Headers["Last-Event-ID"].ToString().Split('/', 2) is [var seen, var heard] ? (seen, heard) : ("", "");
        return streams.RunAsync(context, id, campaign =>
        {
            var (state, standing) = (StateOf(campaign, segment), StandingOf(campaign));
            var (isScored, isStanding) = (state != scores, standing != messaging);
            if (!isScored && !isStanding)
                return null;
            (scores, messaging) = (state, standing);
            var bytes = new ArrayBufferWriter<byte>(4_096);
            if (isScored)
                Write(bytes, "scores", $"{state}/{standing}", json => writer.Write(json, campaign, segment, byChannel));
            if (isStanding)
                Write(bytes, "messaging", $"{state}/{standing}", json => Write(json, campaign));
            return bytes.WrittenMemory;
        });
    }

    /// <summary>
    /// Names what a document shows: the campaign's revision, and the sum of the versions of its segments' counts and policies, which only ever rise. Counts
    /// that teach too little for a new policy show all the same.
    /// </summary>
    private static string StateOf(ReplicatedCampaign campaign, string? segment)
    {
        var versions = campaign.Segments.Where(each => segment is null || each.Id.Segment == segment).Sum(each => each.Served is { } served ? served.Counts.Version + served.Fit.Policy.Version : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{campaign.Published.Incarnation}-{campaign.Published.Revision}-{versions}");
    }

    private static string StandingOf(ReplicatedCampaign campaign)
    {
        var standing = campaign.Messaging.Current;
        return string.Create(CultureInfo.InvariantCulture, $"{campaign.Published.Revision}-{standing?.Entries ?? 0}-{standing?.Pending ?? 0}-{standing?.AgentsStopped ?? false}");
    }

    private static void Write(Utf8JsonWriter json, ReplicatedCampaign campaign)
    {
        var standing = campaign.Messaging.Current;
        json.WriteStartObject();
        json.WriteString("campaign"u8, campaign.Published.LocalId);
        json.WriteNumber("revision"u8, campaign.Published.Revision);
        json.WriteNumber("awaiting"u8, standing?.Pending ?? 0);
        json.WriteBoolean("agentsStopped"u8, standing?.AgentsStopped ?? false);
        if (standing is not null)
            json.WriteNumber("entries"u8, standing.Entries);
        json.WriteEndObject();
    }

    private static void Write(ArrayBufferWriter<byte> bytes, string name, string id, Action<Utf8JsonWriter> write)
    {
        Encoding.UTF8.GetBytes($"event: {name}\nid: {id}\ndata: ", bytes);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Compact))
            write(json);
        bytes.Write("\n\n"u8);
    }
}
