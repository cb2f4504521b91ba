using System.Diagnostics;
using OpenTelemetry;

namespace Flywheel.Silo.Tracing;

/// <summary>
/// Leaves only tags that are known to hold names and numbers. Paths and queries hold decision tokens, grain keys and exceptions may hold what a
/// caller sent: none of it leaves the process.
/// </summary>
internal sealed class PlainSpans : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "http.request.method", "http.route", "http.response.status_code", "url.scheme", "network.protocol.version", "error.type",
        "rpc.system.name", "rpc.method", "orleans.rpc.service", "orleans.grain.type", "orleans.storage.provider", "orleans.storage.state.name", "exception.type",
        "db.system.name", "db.operation.name", "flywheel.partition", "flywheel.entries", "flywheel.signals", "flywheel.campaign", "flywheel.writer",
        "messaging.system", "messaging.destination.name", "messaging.batch.message_count",
        "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens",
    };

    public override void OnEnd(Activity data)
    {
        foreach (var (name, _) in data.TagObjects.Where(tag => !Kept.Contains(tag.Key)).ToList())
            data.SetTag(name, null);
        if (data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
