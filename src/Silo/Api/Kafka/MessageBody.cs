using System.Buffers;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.CloudEvents;
using Flywheel.Silo.Api.Signals;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>Cuts the value of a message into signals: one object, an array of them, or a line each.</summary>
internal static class MessageBody
{
    /// <summary>The signals of a message, as bytes of its value. Null, with what is wrong, where nothing of it is to be taken.</summary>
    public static List<ReadOnlyMemory<byte>>? Cut(KafkaMessage message, out string? error)
    {
        error = null;
        var signals = new List<ReadOnlyMemory<byte>>();
        if (message.Value.Length == 0)
        {
            error = "came no value; expected a signal";
            return null;
        }
        try
        {
            var buffer = new ReadOnlySequence<byte>(message.Value);
            if (IsLines(message))
                CutLines(buffer, signals);
            else
                CutObjects(buffer, signals);
        }
        catch (JsonException e)
        {
            error = $"came malformed JSON ({JsonText.FaultOf(e)}); expected one signal, an array of signals, or one a line";
            return null;
        }
        if (signals.Count > SignalBody.MaxSignals)
            error = $"size: came more than {SignalBody.MaxSignals} signals; expected at most {SignalBody.MaxSignals} a message";
        else
            error = CloudEventForms.Misfit(message.Form, IsObject(message), signals.Count)?.ToString();
        return error is null ? signals : null;
    }

    private static bool IsObject(KafkaMessage message) => message.Value.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private static void CutLines(ReadOnlySequence<byte> buffer, List<ReadOnlyMemory<byte>> signals)
    {
        while (signals.Count <= SignalBody.MaxSignals && SignalFraming.TryReadLine(ref buffer, isLast: true, out var line))
        {
            if (!SignalFraming.IsBlank(line.FirstSpan))
                signals.Add(line.First);
        }
    }

    private static void CutObjects(ReadOnlySequence<byte> buffer, List<ReadOnlyMemory<byte>> signals)
    {
        var state = default(JsonReaderState);
        while (signals.Count <= SignalBody.MaxSignals && SignalFraming.TryReadObject(ref buffer, isLast: true, ref state, out var json))
            signals.Add(json.First);
    }

    /// <summary>A message that does not say its type holds lines where its first line is an object by itself and more follow.</summary>
    private static bool IsLines(KafkaMessage message)
    {
        if (message.ContentType is not null)
            return SignalFraming.IsLines(message.ContentType);
        var value = message.Value.AsSpan().Trim(" \t\r\n"u8);
        var end = value.IndexOf((byte)'\n');
        return end > 0 && value[0] == '{' && value[..end].TrimEnd(" \t\r"u8)[^1] == '}';
    }
}
