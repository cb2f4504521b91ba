using System.Net.Http.Json;
using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>
/// Tells the engine how many decisions were served here. One report is under way at a time, and is sent again under the same numbers
/// until it is answered; meanwhile the counters go on, so that nothing waits but numbers. For one caller at a time.
/// </summary>
internal sealed class ServedReporter(EngineConnection engine)
{
    private const int MaxRows = 1_000;

    private ServedReport? _pending;
    private long _reported;
    private long _dropped;

    public long Reported => Interlocked.Read(ref _reported);

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Reports all that was served.</summary>
    /// <param name="policy">Whose traffic to report.</param>
    /// <param name="lease">What new rows are reported under; null where there is none, and they wait.</param>
    /// <param name="cancellationToken">Ends it; what was not answered is sent again by the next call.</param>
    /// <exception cref="FlywheelException">The engine is away; what was not answered is sent again by the next call.</exception>
    public async Task ReportAsync(LocalPolicy policy, LocalLease? lease, CancellationToken cancellationToken)
    {
        while ((_pending ??= Cut(policy, lease)) is { } report)
        {
            try
            {
                var body = JsonContent.Create(report, FlywheelJson.Default.ServedReport);
                var receipt = await engine.SendAsync(HttpMethod.Post, "v1/decisions/served", body, FlywheelJson.Default.ServedReceipt, cancellationToken).ConfigureAwait(false);
                Settle(report, receipt ?? throw new FlywheelException("The engine answered a report without a receipt."));
            }
            catch (FlywheelException e) when (!e.IsTransient)
            {
                Interlocked.Add(ref _dropped, report.Rows.Sum(row => row.Decisions));
                _pending = null;
                throw;
            }
            _pending = null;
        }
    }

    /// <summary>Counts as dropped what a policy that is no longer served has not reported.</summary>
    /// <param name="gone">Segments that were served before and are no more.</param>
    public void Drop(IEnumerable<LocalSegment> gone)
    {
        foreach (var (_, counter) in gone.SelectMany(segment => segment.Traffic.Channels))
        {
            if (counter.TryTake(out var learned, out var control, out _))
                Interlocked.Add(ref _dropped, learned + control);
        }
    }

    /// <summary>Counts as dropped what was sent and never answered: it may have landed.</summary>
    public void Abandon()
    {
        Interlocked.Add(ref _dropped, _pending?.Rows.Sum(row => row.Decisions) ?? 0);
        _pending = null;
    }

    private static ServedReport? Cut(LocalPolicy policy, LocalLease? lease)
    {
        if (lease is null || lease.Terms.Incarnation != policy.Snapshot.Incarnation || !policy.Unreported.TryTake())
            return null;
        var rows = new List<ServedRow>();
        foreach (var segment in policy.Segments)
        {
            foreach (var (channel, counter) in segment.Traffic.Channels)
            {
                if (rows.Count < MaxRows && counter.TryTake(out var learned, out var control, out var assignment))
                    rows.Add(RowOf(lease, segment, channel, learned, control, assignment));
            }
        }
        // There may be more than one report holds.
        if (rows.Count == MaxRows)
            policy.Unreported.Set();
        return rows.Count == 0 ? null : new ServedReport(lease.Text, rows);
    }

    private static ServedRow RowOf(LocalLease lease, LocalSegment segment, string channel, long learned, long control, Assignment assignment) => new(
        lease.NextReport(segment.Source.Partition),
        segment.Source.Id,
        channel.Length == 0 ? null : channel,
        learned,
        control,
        assignment.Decisions,
        assignment.Control,
        assignment.ExpectedControlMicros);

    private void Settle(ServedReport report, ServedReceipt receipt)
    {
        var refused = receipt.Rejected.Where(rejected => rejected.Index >= 0 && rejected.Index < report.Rows.Count).Sum(rejected => report.Rows[rejected.Index].Decisions);
        Interlocked.Add(ref _dropped, refused);
        Interlocked.Add(ref _reported, report.Rows.Sum(row => row.Decisions) - refused);
    }
}
