using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.CloudEvents;
using Flywheel.Silo.Api.Kafka;
using Flywheel.Silo.Api.Mcp;
using Flywheel.Silo.Api.Signals;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Flywheel.Fuzz.Tests;

/// <summary>Parsers of messages that come otherwise than as a body of the API: calls of assistants, and what is read from Kafka.</summary>
internal static class MessageParsers
{
    private const int MaxErrorChars = 4_000;

    private static readonly string[] Arguments = ["campaign", "segment", "language", "limit", "before", "status", "byChannel", "slot", "content", "attributes", "comment"];

    private static readonly string[] Headers = ["content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"];

    /// <summary>What a client sends, whole.</summary>
    public static readonly byte[][] Calls = Utf8(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_scores","arguments":{"campaign":"spring","segment":"young-urban","byChannel":true}}}""",
        """{"jsonrpc":"2.0","id":"2","method":"tools/call","params":{"name":"propose_messaging","arguments":{"campaign":"spring","slot":"headline","content":{"text":"Run further","more":[1,{"a":null}]},"attributes":{"angle":"benefit"},"comment":"sp\u0072ing"}}}""",
        """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"read_history","arguments":{"campaign":"spring","before":9,"limit":20}}}""",
        """{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"list_proposals","arguments":{"campaign":"spring","status":"pending","limit":5}}}""",
        """{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"read_insights","arguments":{"campaign":"spring","language":"fr"}}}""",
        """{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"list_campaigns","arguments":{"after":"a","limit":100}}}""",
        """{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"flywheel://campaigns/spring/brief"}}""");

    private static readonly byte[][] CallParams = Utf8(
        """{"name":"propose_messaging","arguments":{"campaign":"spring","slot":"headline","content":{"text":"Run further","more":[1,{"a":null}]},"attributes":{"angle":"benefit"},"comment":"sp\u0072ing"}}""",
        """{"name":"read_history","arguments":{"campaign":"spring","segment":"default","language":"fr","before":9,"limit":20,"byChannel":true,"status":"pending"}}""");

    /// <summary>A header a line, then the value.</summary>
    public static readonly byte[][] Messages = Utf8(
        "\n\n\n\n\n\n{\"campaign\":\"spring\",\"segment\":\"young-urban\",\"modules\":{\"headline\":\"h2\"},\"type\":\"click\",\"count\":12}",
        "\n\n\n\n\n\n[{\"decisionId\":\"AS8dAAAAAA\",\"type\":\"impression\"},{\"campaign\":\"spring\",\"modules\":{\"headline\":\"h1\"},\"type\":\"impression\",\"channel\":\"email\"}]",
        "application/x-ndjson\n\n\n\n\n\n{\"decisionId\":\"AS8dAAAAAA\",\"type\":\"click\",\"value\":49.9}\n{\"campaign\":\"spring\",\"modules\":{\"headline\":\"h1\"},\"type\":\"order\"}\r\n",
        "application/cloudevents+json\n\n\n\n\n\n{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/crm\",\"type\":\"click\",\"data\":{\"campaign\":\"spring\",\"modules\":{\"headline\":\"h2\"},\"type\":\"click\"}}",
        "application/json\n1.0\ne-1\n/crm\nclick\n2026-05-04T10:00:00Z\n{\"campaign\":\"spring\",\"modules\":{\"headline\":\"h2\"},\"type\":\"click\"}");

    public static IEnumerable<Parser> All() =>
    [
        new("mcp-arguments", CallParams, CheckArguments),
        new("kafka-message", Messages, CheckMessage),
    ];

    /// <summary>A message of these headers and value.</summary>
    public static KafkaMessage MessageOf(byte[] input)
    {
        var headers = new Headers();
        var rest = input.AsSpan();
        foreach (var name in Headers)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                break;
            if (end > 0)
                headers.Add(name, rest[..end].ToArray());
            rest = rest[(end + 1)..];
        }
        return new KafkaMessage(new ConsumeResult<byte[]?, byte[]?>
        {
            TopicPartitionOffset = new TopicPartitionOffset("shop", 0, 7),
            Message = new Message<byte[]?, byte[]?> { Headers = headers, Value = rest.ToArray() },
        });
    }

    private static void CheckArguments(byte[] json)
    {
        CallToolRequestParams? asked;
        try
        {
            asked = JsonSerializer.Deserialize<CallToolRequestParams>(json, McpJsonUtilities.DefaultOptions);
        }
        catch (JsonException)
        {
            // The protocol's own error.
            return;
        }
        var call = new McpCall(Credentials.Anybody, asked?.Arguments, Arguments);
        if (call.Text("campaign", isRequired: true) is null)
            Assert.NotEmpty(call.Errors);
        _ = call.Text("slot");
        _ = call.Flag("byChannel");
        Assert.Contains(call.OneOf("language", "en", "fr"), (string[])["en", "fr"]);
        Assert.Contains(call.OneOf("status", "", "pending"), (string[])["", "pending"]);
        Assert.InRange(call.Number("limit", 20, 1, 100), 1, 100);
        Assert.InRange(call.Number("before", long.MaxValue, 0, long.MaxValue), 0, long.MaxValue);
        Parsers.CheckEdit(call.Document("content", "attributes", "comment"));
        if (call.Errors.Count > 0)
            Assert.InRange(Assert.IsType<TextContentBlock>(McpAnswer.Invalid(call.Errors).ToResult().Content[0]).Text.Length, 1, MaxErrorChars);
    }

    private static void CheckMessage(byte[] input)
    {
        var message = MessageOf(input);
        if (MessageBody.Cut(message, out var error) is not { } signals)
        {
            Assert.InRange(error!.Length, 1, MaxErrorChars);
            return;
        }
        Assert.Null(error);
        Assert.InRange(signals.Count, 0, SignalBody.MaxSignals);
        Assert.InRange(signals.Sum(signal => (long)signal.Length), 0, message.Value.Length);
        foreach (var json in signals)
        {
            var unreadable = MessageIntake.Read(message, json.Span, out var signal);
            if (message.Form == CloudEventForm.None)
                Parsers.CheckSignal(unreadable, json.Length, signal);
            else
                OutsideParsers.CheckEvent(unreadable, signal);
        }
    }

    private static byte[][] Utf8(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
