using Flywheel.Silo.Tests.Operating;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Flywheel.Silo.Tests.Kafka;

public sealed class TraceTests
{
    /// <summary>Of this test alone: engines of others in this process make spans, too.</summary>
    private const string Topic = "traced-signals";

    [Fact]
    public async Task Messages_Taken_AreATraceFromTheBatchToTheStore()
    {
        using var data = new TempFolder();
        using var cluster = new MockCluster();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var engine = await Engine.StartAsync(data, args: ["--otlp-endpoint", receiver.Url, "--trace-ratio", "1", .. cluster.Options(data, Topic)]);
        (await engine.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        await cluster.SendAsync(Topic, Readings.Impression());
        await engine.Api.CountsAsync(1);

        var taken = await SpanAsync(span => span.Name == "kafka process" && span.Tags["messaging.destination.name"] == Topic);
        var appended = await SpanAsync(span => span.Name == "store append" && span.Trace == taken.Trace);

        Assert.Equal(taken.Id, appended.Parent);

        async Task<OtlpSpan> SpanAsync(Func<OtlpSpan, bool> isIt) => (await Eventually.ReadsAsync(
            () =>
            {
                engine.Services.GetRequiredService<TracerProvider>().ForceFlush();
                return Task.FromResult(receiver.Spans.FirstOrDefault(isIt));
            },
            span => span is not null,
            "the span"))!;
    }
}
