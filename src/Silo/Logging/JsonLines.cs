using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Flywheel.Silo.Logging;

/// <summary>
/// One JSON object a line: time, level, category, event, message, what the message names (such as <c>campaign</c> and <c>partition</c>), the trace
/// where there is one, and the exception. Line breaks within are escaped.
/// </summary>
internal sealed class JsonLines() : ConsoleFormatter(FormatName)
{
    public const string FormatName = "flywheel-json";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HashSet<string> Own = ["time", "level", "category", "event", "message", "trace", "span", "exception", "stack"];

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeProvider.System.GetUtcNow().UtcDateTime);
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteString("category", logEntry.Category);
            if (logEntry.EventId.Name is { } name)
                json.WriteString("event", name);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            WriteValues(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>>);
            if (Activity.Current is { } activity)
            {
                json.WriteString("trace", activity.TraceId.ToString());
                json.WriteString("span", activity.SpanId.ToString());
            }
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", $"{exception.GetType().FullName}: {exception.Message}");
                json.WriteString("stack", exception.ToString());
            }
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        var written = new HashSet<string>(Own, StringComparer.Ordinal);
        foreach (var (name, value) in values ?? [])
        {
            var member = JsonNamingPolicy.CamelCase.ConvertName(name);
            if (name == "{OriginalFormat}" || !written.Add(member))
                continue;
            switch (value)
            {
                case null:
                    json.WriteNull(member);
                    break;
                case int or long or ushort or uint or short or byte:
                    json.WriteNumber(member, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(member, number);
                    break;
                case bool yes:
                    json.WriteBoolean(member, yes);
                    break;
                default:
                    json.WriteString(member, Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }
}
