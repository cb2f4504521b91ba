using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;

namespace Flywheel.Silo.Api.Mcp;

/// <summary>A call of a tool: who calls, and with which arguments. Reads them strictly and notes what is wrong.</summary>
internal sealed class McpCall
{
    /// <summary>Errors that are told of names that are not known, and of bytes that are no text.</summary>
    private const int MostListed = 5;

    private readonly Dictionary<string, JsonElement> _arguments;

    /// <param name="caller">On whose behalf; its tenant is the only one whose campaigns there are.</param>
    /// <param name="arguments">As they came; null for none.</param>
    /// <param name="known">The names that the tool knows: every other is an error.</param>
    public McpCall(Caller caller, IDictionary<string, JsonElement>? arguments, IReadOnlyCollection<string> known)
    {
        (Caller, _arguments) = (caller, new Dictionary<string, JsonElement>(arguments ?? new Dictionary<string, JsonElement>(), StringComparer.Ordinal));
        // Nothing that is to be read, or quoted, may be other than text.
        foreach (var name in _arguments.Keys.Where(name => !Utf8.IsValid(JsonMarshal.GetRawUtf8Value(_arguments[name]))).ToList())
        {
            _arguments.Remove(name);
            if (Errors.Count < MostListed)
                Errors.Add(new FieldError(Problem.Shorten(name), "bytes that are no UTF-8", "text"));
        }
        foreach (var name in _arguments.Keys.Where(name => !known.Contains(name)).Take(MostListed))
            Errors.Add(new FieldError(Problem.Shorten(name), Problem.Shorten(_arguments[name].GetRawText()), known.Count == 0 ? "no arguments" : $"one of the arguments {string.Join(", ", known)}"));
    }

    public Caller Caller { get; }

    public List<FieldError> Errors { get; } = [];

    /// <summary>The caller's campaign that the argument <c>campaign</c> names; null, and an error, where it has none of that id.</summary>
    public ReplicatedCampaign? Campaign(CampaignReplica replica)
    {
        if (Text("campaign", isRequired: true) is not { } id)
            return null;
        if (Ids.IsValid(id) && replica.Find(CampaignKeys.Of(Caller.Tenant, id)) is { } campaign)
            return campaign;
        Wrong("campaign", "the id of a campaign that list_campaigns lists");
        return null;
    }

    /// <summary>The segment that the argument <c>segment</c> names; null where it was not asked for, or there is none.</summary>
    public string? Segment(ReplicatedCampaign campaign)
    {
        if (Text("segment") is not { } segment || campaign.Segment(segment) is not null)
            return Text("segment");
        Wrong("segment", $"a segment of the campaign, such as {string.Join(", ", campaign.Layout.SegmentIds.TakeLast(5))}");
        return null;
    }

    public string? Text(string name, bool isRequired = false)
    {
        if (Find(name) is not { } value)
        {
            if (isRequired && Errors.All(error => error.Field != name))
                Errors.Add(new FieldError(name, "nothing", "a text"));
            return null;
        }
        try
        {
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // It has half a surrogate pair.
        }
        Wrong(name, "a text");
        return null;
    }

    /// <summary>One of these, the first where nothing came; that may be no value at all.</summary>
    public string OneOf(string name, params string[] values)
    {
        if (Find(name) is null)
            return values[0];
        if (Text(name) is { Length: > 0 } text && values.Contains(text))
            return text;
        Wrong(name, $"one of {string.Join(", ", values.Where(value => value.Length > 0))}");
        return values[0];
    }

    public long Number(string name, long otherwise, long least, long most)
    {
        if (Find(name) is not { } value)
            return otherwise;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
            return number;
        Wrong(name, $"a whole number from {least} to {most}");
        return otherwise;
    }

    public bool Flag(string name)
    {
        if (Find(name) is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
            Wrong(name, "true or false");
        return Find(name)?.ValueKind == JsonValueKind.True;
    }

    /// <summary>The arguments of these names, as one JSON document.</summary>
    public byte[] Document(params string[] names) => Messaging.MessagingWriter.ToJson(json =>
    {
        json.WriteStartObject();
        foreach (var name in names.Where(name => Find(name) is not null))
        {
            json.WritePropertyName(name);
            json.WriteRawValue(_arguments[name].GetRawText());
        }
        json.WriteEndObject();
    });

    private JsonElement? Find(string name) => _arguments.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private void Wrong(string name, string expected)
    {
        if (Errors.All(error => error.Field != name))
            Errors.Add(new FieldError(name, Problem.Shorten(_arguments[name].GetRawText()), expected));
    }
}
