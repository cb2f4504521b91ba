using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Flywheel.Client;

/// <summary>Signals as <c>application/x-ndjson</c>.</summary>
internal static class SignalLines
{
    private static readonly MediaTypeHeaderValue MediaType = new("application/x-ndjson");

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Signal> signals)
    {
        var lines = new ArrayBufferWriter<byte>(128 * signals.Count);
        using var json = new Utf8JsonWriter(lines);
        foreach (var signal in signals)
        {
            JsonSerializer.Serialize(json, signal, FlywheelJson.Default.Signal);
            json.Flush();
            lines.Write("\n"u8);
            json.Reset();
        }
        return lines.WrittenMemory;
    }

    public static async Task<SignalsReceipt> PostAsync(
        EngineConnection engine, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var body = new ReadOnlyMemoryContent(lines) { Headers = { ContentType = MediaType } };
        var receipt = await engine.SendAsync(HttpMethod.Post, "v1/signals", body, FlywheelJson.Default.SignalsReceipt, cancellationToken)
            .ConfigureAwait(false);
        return receipt ?? throw new FlywheelException("The engine answered signals without a receipt.");
    }
}
