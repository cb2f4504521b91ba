using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Leases;

/// <summary>
/// Takes one report of decisions that were served under a lease: checks each row, and puts the good ones into entries for their
/// partitions. Nothing is appended here. Not thread-safe; one for each request.
/// </summary>
/// <param name="tenant">Whose campaign it has to be.</param>
internal sealed class ServedIntake(CampaignReplica replica, TokenKeys keys, TimeProvider time, string tenant)
{
    private const int MaxRows = 1_000;
    private const long Micros = 1_000_000;

    private readonly long _nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly PartitionEntries _entries = new();

    /// <summary>Rows that were taken.</summary>
    public int Accepted { get; private set; }

    /// <summary>Decisions of the rows that were taken.</summary>
    public long Decisions { get; private set; }

    /// <summary>The rows that were not, by their place, and why.</summary>
    public List<(int Index, string Error)> Rejected { get; } = [];

    /// <summary>The campaign that this silo does not know as the report has it, and may have missed; null where it knows all that is named.</summary>
    public CampaignLife? Missed { get; private set; }

    /// <summary>Takes the report; what is wrong with it as a whole, else null.</summary>
    /// <exception cref="JsonException">This is no JSON.</exception>
    public FieldError? Take(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var report = document.RootElement;
        if (report.ValueKind != JsonValueKind.Object)
            return new FieldError("", report.ValueKind.ToString(), "{\"lease\":\"…\",\"rows\":[…]}");
        if (!report.TryGetProperty("lease", out var text) || text.ValueKind != JsonValueKind.String || keys.ReadLease(text.GetString()) is not { } lease
            || !CampaignKeys.TenantOf(lease.Campaign).SequenceEqual(tenant))
            return new FieldError("lease", "nothing, or none of this engine", "a lease as POST /v1/campaigns/{id}/lease gave it");
        var expiresAtMs = lease.ExpiresAtMs + (long)TokenLease.ReportGrace.TotalMilliseconds;
        if (_nowMs > expiresAtMs)
            return new FieldError("lease", $"one that ended at {DateTimeOffset.FromUnixTimeMilliseconds(lease.ExpiresAtMs):O}", "one that ended within the last hour");
        if (replica.Find(lease.Campaign) is not { } campaign || campaign.Published.Incarnation != lease.Incarnation)
        {
            Missed = new CampaignLife(lease.Campaign, lease.Incarnation);
            return new FieldError("lease", $"one of the campaign \"{CampaignKeys.IdOf(lease.Campaign)}\", which was deleted", "one of a campaign that exists");
        }
        if (!report.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array || rows.GetArrayLength() > MaxRows)
            return new FieldError("rows", "none, or too many", $"an array of up to {MaxRows} rows");
        var index = 0;
        foreach (var row in rows.EnumerateArray())
        {
            if (Take(row, lease, campaign, expiresAtMs) is { } error)
                Rejected.Add((index, $"rows[{index}].{error}"));
            index++;
        }
        return null;
    }

    /// <summary>The entries of all rows that were taken.</summary>
    public IReadOnlyList<PartitionEntry> Entries() => _entries.Build(_nowMs);

    private string? Take(JsonElement row, TokenLease lease, ReplicatedCampaign campaign, long expiresAtMs)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("segment", out var id) || id.ValueKind != JsonValueKind.String)
            return $"segment: came nothing; expected a segment of {campaign.Published.LocalId}";
        if (campaign.Segment(id.GetString()) is not { } segment)
        {
            Missed = new CampaignLife(lease.Campaign, lease.Incarnation);
            return $"segment: came \"{Problem.Shorten(id.GetString()!)}\"; expected a segment of {campaign.Published.LocalId}";
        }
        var most = (long)Math.Min(lease.Counters, long.MaxValue / Micros);
        var (learned, control) = (Count(row, "learned", most), Count(row, "control", most));
        var assignment = new Assignment(Count(row, "assigned", most), Count(row, "assignedControl", most), Count(row, "expectedControlMicros", most * Micros));
        // Figures of decisions that are just being counted may fall into two rows, so they are held against the lease and not against each other.
        if (learned < 0 || control < 0 || assignment.Decisions < 0 || assignment.Control < 0 || assignment.ExpectedControlMicros < 0)
            return $"learned, control, assigned, assignedControl, expectedControlMicros: came a number that is none, negative or too large; expected counts up to {most}";
        var number = Count(row, "number", most - 1);
        if (number < 0)
            return $"number: came none, or one that is too large; expected 0 to below {most}";
        var channel = row.TryGetProperty("channel", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        _entries.Of(segment.Partition).AddServed(segment.Id, campaign.Rules, new ServedReport
        {
            Issuer = lease.Issuer,
            Number = (ulong)number,
            ExpiresAtMs = expiresAtMs,
            Channel = campaign.Channels.Utf8(campaign.Channels.Resolve(channel)),
            Learned = learned,
            Control = control,
            Assignment = assignment,
        });
        Accepted++;
        Decisions += learned + control;
        return null;
    }

    /// <summary>0 where it is not there, −1 where it is no whole number from 0 to <paramref name="most"/>.</summary>
    private static long Count(JsonElement row, string name, long most) =>
        !row.TryGetProperty(name, out var value) ? 0
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0 && count <= most ? count
        : -1;
}
