using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Scoring;

namespace Flywheel.Silo.Api.Messaging;

/// <summary>Writes proposals and the history as JSON. Texts are data: JSON strings with what could break out of markup escaped.</summary>
internal static class MessagingWriter
{
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static void Write(Utf8JsonWriter json, string campaign, IEnumerable<Proposal> proposals)
    {
        json.WriteStartObject();
        json.WriteStartArray("proposals");
        foreach (var proposal in proposals)
            Write(json, campaign, proposal, null);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="request">The request that the decision opened; null for none.</param>
    public static void Write(Utf8JsonWriter json, string campaign, Proposal proposal, string? request)
    {
        json.WriteStartObject();
        json.WriteString("id", proposal.Id);
        json.WriteString("campaign", campaign);
        json.WriteString("slot", proposal.Slot);
        json.WriteString("status", NameOf(proposal.Status));
        json.WriteString("writer", NameOf(proposal.Writer));
        json.WriteString("createdAt", proposal.CreatedAt);
        json.WriteNumber("revision", proposal.Revision);
        json.WritePropertyName("module");
        WriteModule(json, proposal.Module);
        json.WriteString("replaces", proposal.Replaces);
        json.WriteString("reason", proposal.Reason);
        WriteText(json, "hypothesis", proposal.Hypothesis);
        WriteText(json, "segment", proposal.Segment);
        WriteEvidence(json, proposal.Evidence);
        WriteFindings(json, proposal.Findings);
        if (proposal.DecidedAt is { } at)
            json.WriteString("decidedAt", at);
        WriteText(json, "decidedBy", proposal.DecidedBy);
        WriteText(json, "comment", proposal.Comment);
        if (proposal.Version is { } version)
            json.WriteNumber("version", version);
        if (proposal.Share is { } share)
            json.WriteNumber("share", share);
        if (proposal.Outcome is { } outcome)
            WriteOutcome(json, outcome);
        WriteText(json, "answers", proposal.Request);
        WriteText(json, "request", request);
        json.WriteEndObject();
    }

    public static byte[] ToJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonText.Compact))
            write(json);
        return stream.ToArray();
    }

    public static void Write(Utf8JsonWriter json, HistoryEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("number", entry.Number);
        json.WriteString("at", entry.At);
        json.WriteString("actor", entry.Actor);
        json.WriteString("kind", NameOf(entry.Kind));
        WriteText(json, "request", entry.Request);
        WriteText(json, "proposal", entry.Proposal);
        WriteText(json, "slot", entry.Slot);
        WriteText(json, "module", entry.Module);
        WriteText(json, "segment", entry.Segment);
        if (entry.Version is { } version)
            json.WriteNumber("version", version);
        if (entry.Share is { } share)
            json.WriteNumber("share", share);
        WriteText(json, "writer", entry.Writer is { } writer ? NameOf(writer) : null);
        WriteText(json, "comment", entry.Comment);
        if (entry.Content is { } module)
        {
            json.WritePropertyName("content");
            json.WriteRawValue(module.Content.Json, skipInputValidation: true);
            WriteAttributes(json, module);
        }
        WriteText(json, "trigger", entry.Trigger);
        WriteText(json, "hypothesis", entry.Hypothesis);
        if (entry.Wanted is { } wanted)
        {
            json.WriteStartObject("wanted");
            json.WriteString(wanted.Name, wanted.Value);
            json.WriteEndObject();
        }
        if (entry.Brief is { } brief)
            CampaignWriter.Write(json, brief);
        if (!entry.Evidence.IsEmpty)
            WriteEvidence(json, entry.Evidence);
        if (!entry.Findings.IsEmpty)
            WriteFindings(json, entry.Findings);
        json.WriteEndObject();
    }

    private static void WriteModule(Utf8JsonWriter json, Module module)
    {
        json.WriteStartObject();
        json.WriteString("id", module.Id);
        json.WritePropertyName("content");
        json.WriteRawValue(module.Content.Json, skipInputValidation: true);
        WriteAttributes(json, module);
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, Module module)
    {
        json.WriteStartObject("attributes");
        foreach (var (name, value) in module.Attributes)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, ProposalOutcome outcome)
    {
        json.WriteStartObject("outcome");
        json.WriteString("kind", NameOf(outcome.Kind));
        json.WriteString("at", outcome.At);
        WriteText(json, "why", outcome.Why);
        if (!outcome.Evidence.IsEmpty)
            WriteEvidence(json, outcome.Evidence);
        json.WriteEndObject();
    }

    /// <summary>A figure <c>kept</c> is <c>kept</c>, <c>keptLow</c>, <c>keptHigh</c> and <c>keptN</c>.</summary>
    private static void WriteEvidence(Utf8JsonWriter json, ImmutableArray<Figure> evidence)
    {
        json.WriteStartObject("evidence");
        foreach (var figure in evidence)
        {
            json.WriteNumber(figure.Name, figure.Value);
            json.WriteNumber($"{figure.Name}Low", figure.Low);
            json.WriteNumber($"{figure.Name}High", figure.High);
            json.WriteNumber($"{figure.Name}N", figure.N);
        }
        json.WriteEndObject();
    }

    private static void WriteFindings(Utf8JsonWriter json, ImmutableArray<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule);
            json.WriteString("severity", NameOf(finding.Severity));
            json.WriteString("text", finding.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }
}
