using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Flywheel.Abstractions.Partitions;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Log;

/// <summary>
/// Writes sampled decisions as rows, in the names of the layout in force. Names are of <see cref="Ids.Pattern"/>, so CSV needs no
/// quotes. Not thread-safe; one for each request.
/// </summary>
internal sealed class LogWriter(ReplicatedCampaign campaign, bool isCsv)
{
    public const string CsvType = "text/csv";
    public const string LinesType = "application/x-ndjson";

    private const string Header = "context,action,propensity,reward,time,decision,channel\n";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Rows between two looks at how fast the reader is.</summary>
    private const int RowsAFlush = 512;

    private readonly FrozenDictionary<ulong, string> _modules = campaign.Layout.Slots
        .SelectMany(slot => slot.Modules).DistinctBy(module => module.Key).ToFrozenDictionary(module => module.Key, module => module.Id);

    private bool _hasStarted;

    /// <summary>Writes the decisions of one partition. Those of segments that the campaign no longer has are passed over.</summary>
    public async Task WriteAsync(HttpResponse response, ImmutableArray<SampledDecision> decisions, CancellationToken cancellationToken)
    {
        Start(response);
        foreach (var rows in decisions.Where(decision => campaign.Segment(decision.Segment) is not null).Chunk(RowsAFlush))
        {
            if (isCsv)
                WriteCsv(response.BodyWriter, rows);
            else
                WriteLines(response.BodyWriter, rows);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private void Start(HttpResponse response)
    {
        if (_hasStarted)
            return;
        _hasStarted = true;
        response.ContentType = $"{(isCsv ? CsvType : LinesType)}; charset=utf-8";
        if (isCsv)
            Encoding.UTF8.GetBytes(Header, response.BodyWriter);
    }

    private void WriteCsv(IBufferWriter<byte> output, SampledDecision[] rows)
    {
        foreach (var row in rows)
        {
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{row.Segment},{ActionOf(row)},{row.Propensity:R},{RewardOf(row)},{TimeOf(row)},{GroupOf(row)},{row.Channel}\n"),
                output);
        }
    }

    private void WriteLines(IBufferWriter<byte> output, SampledDecision[] rows)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Compact);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("context"u8, row.Segment);
            json.WriteString("action"u8, ActionOf(row));
            json.WriteNumber("propensity"u8, row.Propensity);
            json.WriteNumber("reward"u8, RewardOf(row));
            json.WriteString("time"u8, TimeOf(row));
            json.WriteString("decision"u8, GroupOf(row));
            json.WriteString("channel"u8, row.Channel);
            json.WriteEndObject();
            json.Flush();
            output.Write("\n"u8);
            json.Reset();
        }
    }

    /// <summary>A key says nothing of the version it was made of, so one that is no longer in force stands for itself.</summary>
    private string ActionOf(SampledDecision row) =>
        string.Join('|', row.Modules.Select(key => _modules.GetValueOrDefault(key) ?? $"#{key:x16}"));

    private static decimal RewardOf(SampledDecision row) => row.RewardMicros / (decimal)Rewards.Micro;

    private static string TimeOf(SampledDecision row) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.DecidedAtMs).ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string GroupOf(SampledDecision row) => row.Group == Group.Control ? "control" : "learned";
}
