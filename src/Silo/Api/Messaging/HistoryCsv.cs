using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Silo.Api.Exports;

namespace Flywheel.Silo.Api.Messaging;

/// <summary>
/// Entries of a history as rows of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it; what is
/// an object or a list is its JSON.
/// </summary>
internal static class HistoryCsv
{
    private static readonly string[] Columns =
    [
        "number", "at", "actor", "kind", "request", "proposal", "slot", "module", "segment", "version", "share", "writer", "trigger", "hypothesis", "comment",
        "content", "attributes", "wanted", "brief", "evidence", "findings",
    ];

    public static void WriteHeader(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\r\n", output);

    public static void Write(IBufferWriter<byte> output, HistoryEntry entry)
    {
        // The same document that the API answers: what is in it is in the row.
        var members = JsonNode.Parse(MessagingWriter.ToJson(json => MessagingWriter.Write(json, entry)))!.AsObject();
        Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => Cell(members[column]))) + "\r\n", output);
    }

    internal static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var plain) => CsvText.Quote(CsvText.Defuse(plain)),
        _ => CsvText.Quote(value.ToJsonString()),
    };
}
