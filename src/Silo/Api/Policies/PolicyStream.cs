using System.Buffers;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Policies;

/// <summary>
/// Policies as server-sent events: <c>policy</c> with the whole document first and whenever the campaign changed, <c>segments</c> with
/// those whose policy changed.
/// </summary>
internal sealed class PolicyStream(EventStreams streams, PolicySnapshots snapshots)
{
    public Task RunAsync(HttpContext context, string id)
    {
        BuiltPolicy? sent = null;
        return streams.RunAsync(context, id, campaign =>
        {
            var policy = snapshots.Of(campaign);
            if (ReferenceEquals(policy, sent))
                return null;
            var news = Event(policy, sent);
            sent = policy;
            return news;
        });
    }

    private static ReadOnlyMemory<byte> Event(BuiltPolicy policy, BuiltPolicy? sent)
    {
        var bytes = new ArrayBufferWriter<byte>(16_384);
        if (sent is null || !policy.HasLayoutOf(sent))
        {
            Encoding.UTF8.GetBytes("event: policy\ndata: ", bytes);
            bytes.Write(policy.Utf8.Span);
        }
        else
        {
            Encoding.UTF8.GetBytes("event: segments\ndata: ", bytes);
            using var json = new Utf8JsonWriter(bytes, JsonText.Compact);
            PolicySnapshotWriter.WriteSegments(json, policy.Snapshot, policy.ChangedSince(sent));
        }
        bytes.Write("\n\n"u8);
        return bytes.WrittenMemory;
    }
}
