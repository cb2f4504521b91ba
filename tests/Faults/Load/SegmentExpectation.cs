namespace Flywheel.Faults.Load;

/// <summary>What a segment of a campaign must have counted in the end. One thread adds, any may read what was sent.</summary>
internal sealed class SegmentExpectation(string campaign, string segment)
{
    private readonly Dictionary<(string Slot, string Module), (long Impressions, double Reward)> _modules = [];
    private long _sentImpressions;

    public string Campaign => campaign;

    public string Segment => segment;

    public long Impressions { get; private set; }

    public double Reward { get; private set; }

    /// <summary>Signals, each once.</summary>
    public long Signals { get; private set; }

    /// <summary>Impressions that were put into a batch so far: no silo can have counted more.</summary>
    public long SentImpressions => Interlocked.Read(ref _sentImpressions);

    public IReadOnlyDictionary<(string Slot, string Module), (long Impressions, double Reward)> Modules => _modules;

    /// <summary>Adds what one decision's signals must result in.</summary>
    /// <param name="variant">The modules served, by slot.</param>
    /// <param name="impressions">0 or 1.</param>
    /// <param name="reward">Below the cap already.</param>
    public void Add(IEnumerable<(string Slot, string Module)> variant, int impressions, double reward)
    {
        Impressions += impressions;
        Reward += reward;
        foreach (var key in variant)
        {
            var (before, earned) = _modules.GetValueOrDefault(key);
            _modules[key] = (before + impressions, earned + reward);
        }
    }

    /// <summary>Adds signals that are to be told apart.</summary>
    public void AddSignals(int many) => Signals += many;

    public void ImpressionSent() => Interlocked.Increment(ref _sentImpressions);
}
