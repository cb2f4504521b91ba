using Flywheel.Client;

namespace Flywheel.Faults.Load;

/// <summary>Knows what must be counted, from the decisions and the signals that are sent for them. One thread adds; see <see cref="SegmentExpectation"/>.</summary>
internal sealed class Oracle(Workload workload)
{
    private readonly Dictionary<(string, string), SegmentExpectation> _segments = workload.All
        .SelectMany(campaign => Workload.Segments.Select(segment => new SegmentExpectation(campaign, segment)))
        .ToDictionary(segment => (segment.Campaign, segment.Segment));

    public IEnumerable<SegmentExpectation> Segments => _segments.Values;

    public SegmentExpectation Of(Decision decision) => _segments[(decision.Campaign, decision.Segment)];

    /// <summary>A decision of which these signals are sent in time.</summary>
    public void Expect(Decision decision, bool hasImpression, bool hasClick, int conversions)
    {
        var segment = Of(decision);
        var earned = (hasClick ? Workload.ClickWeight : 0) + conversions * Workload.ConversionWeight;
        segment.Add(decision.Variant.Select(slot => (slot.Key, slot.Value.Module)), hasImpression ? 1 : 0, Math.Min(Workload.Cap, earned));
        segment.AddSignals((hasImpression ? 1 : 0) + (hasClick ? 1 : 0) + conversions);
    }

    /// <summary>Signals that are accepted and must count for nothing: they come too late.</summary>
    public void ExpectLate(Decision decision, int signals) => Of(decision).AddSignals(signals);
}
