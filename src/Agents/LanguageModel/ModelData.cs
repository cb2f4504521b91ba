using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Scoring;

namespace Flywheel.Agents.LanguageModel;

/// <summary>Requests as JSON documents: all that ever leaves this process for a model, apart from <see cref="ModelRules"/> and schemas.</summary>
internal static class ModelData
{
    /// <param name="withFigures">True where the model has no functions to ask for them.</param>
    public static string Of(WritingRequest request, bool withFigures) => Write(writer =>
    {
        writer.WriteString("language", LanguageTags.Of(request.Language));
        writer.WriteNumber("candidates", request.Candidates);
        writer.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(request.Reason.ToString()));
        if (request.Replaces is { } replaces)
            writer.WriteString("replaces", replaces);
        WriteSlot(writer, request.Slot);
        WriteAttributes(writer, "wanted", request.Wanted);
        WriteBrief(writer, request.Brief);
        if (request.Comment is { } comment)
            writer.WriteString("comment", comment);
        if (withFigures)
        {
            WriteScores(writer, request);
            WriteResonance(writer, request);
        }
    });

    public static string Of(ReviewRequest request) => Write(writer =>
    {
        writer.WriteString("language", LanguageTags.Of(request.Language));
        WriteBrief(writer, request.Brief);
        writer.WriteStartObject("slot");
        writer.WriteString("id", request.Slot.Id);
        WriteMaxLength(writer, request.Slot);
        writer.WriteEndObject();
        writer.WriteStartArray("candidates");
        foreach (var candidate in request.Candidates)
        {
            writer.WriteStartObject();
            writer.WriteString("text", SlotText.TextOf(candidate.Content));
            WriteAttributes(writer, "attributes", candidate.Attributes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    public static string Brief(WritingRequest request) => Write(writer => WriteBrief(writer, request.Brief));

    public static string Scores(WritingRequest request) => Write(writer => WriteScores(writer, request));

    public static string Resonance(WritingRequest request) => Write(writer => WriteResonance(writer, request));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonText.Compact))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteBrief(Utf8JsonWriter writer, Brief? brief)
    {
        if (brief is null)
        {
            writer.WriteNull("brief");
            return;
        }
        writer.WriteStartObject("brief");
        writer.WriteString("brand", brief.Brand);
        writer.WriteString("objective", brief.Objective);
        WriteTexts(writer, "tone", brief.Tone);
        WriteTexts(writer, "mustSay", brief.MustSay);
        WriteTexts(writer, "neverSay", brief.NeverSay);
        WriteTexts(writer, "claims", brief.Claims);
        writer.WriteEndObject();
    }

    /// <summary>Of the modules the text alone: what else their content holds is no business of a writer.</summary>
    private static void WriteSlot(Utf8JsonWriter writer, Slot slot)
    {
        writer.WriteStartObject("slot");
        writer.WriteString("id", slot.Id);
        WriteMaxLength(writer, slot);
        writer.WriteStartArray("modules");
        foreach (var module in slot.Modules)
        {
            writer.WriteStartObject();
            writer.WriteString("id", module.Id);
            writer.WriteString("text", SlotText.TextOf(module.Content));
            WriteAttributes(writer, "attributes", module.Attributes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMaxLength(Utf8JsonWriter writer, Slot slot)
    {
        if (slot.MaxLength is { } longest)
            writer.WriteNumber("maxLength", longest);
    }

    private static void WriteScores(Utf8JsonWriter writer, WritingRequest request)
    {
        writer.WriteStartArray("scores");
        foreach (var score in request.Scores)
        {
            writer.WriteStartObject();
            writer.WriteString("module", score.Module);
            WriteFigures(writer, score.Resonance, score.Impressions);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteResonance(Utf8JsonWriter writer, WritingRequest request)
    {
        writer.WriteStartArray("whatResonates");
        foreach (var figure in request.Resonating)
        {
            writer.WriteStartObject();
            writer.WriteString("attribute", figure.Name);
            writer.WriteString("value", figure.Value);
            WriteFigures(writer, figure.Resonance, figure.Impressions);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteFigures(Utf8JsonWriter writer, Interval resonance, long impressions)
    {
        WriteFigure(writer, "resonance", resonance.Mean);
        WriteFigure(writer, "low", resonance.Low);
        WriteFigure(writer, "high", resonance.High);
        writer.WriteNumber("impressions", impressions);
    }

    /// <summary>In whole points; a bound that is not known (JSON has no infinity) is null.</summary>
    private static void WriteFigure(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, Math.Round(value));
        else
            writer.WriteNull(name);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteAttributes(Utf8JsonWriter writer, string name, ImmutableSortedDictionary<string, string> attributes)
    {
        writer.WriteStartObject(name);
        foreach (var (attribute, value) in attributes)
            writer.WriteString(attribute, value);
        writer.WriteEndObject();
    }
}
