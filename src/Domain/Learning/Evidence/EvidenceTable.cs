using System.Runtime.InteropServices;
using Flywheel.Decisions;

namespace Flywheel.Domain.Learning.Evidence;

/// <summary>
/// The evidence of a segment while it grows. Pure: what it becomes depends on the signals it is given, in their order.
/// </summary>
/// <remarks>
/// <para>Time is kept in at most <see cref="MaxBuckets"/> buckets that are finest at the present: the newest closes once it holds
/// 2 % of all impressions (250 at least), and where there are too many, the two neighbours that are smallest for their age are
/// joined: an exponential histogram (Datar, Gionis, Indyk, Motwani, SIAM J. Comput. 2002).</para>
/// <para>Cost of a signal: slots for the modules and slots × (slots − 1) ÷ 2 for the pairs. Memory: modules × buckets × 16 bytes,
/// at most 64 KB, and 32 bytes a pair, at most 128 KB.</para>
/// </remarks>
public sealed class EvidenceTable
{
    public const int MaxBuckets = 28;

    /// <summary>Pairs of modules counted apart; a segment with more keeps none, and its policy no interactions.</summary>
    public const int MaxPairs = 4_096;

    /// <summary>Versions of modules kept: four times the most that can be in force. The one unheard of for longest goes.</summary>
    public const int MaxModules = 1_024;

    private const int MaxCells = 4_096;
    private const int LeastBuckets = 4;
    private const long LeastBucketImpressions = 250;
    private const double BucketShare = 0.02;

    private readonly Dictionary<ulong, int> _index = [];
    private readonly List<ulong> _modules = [];
    private readonly List<Bucket> _buckets = [];
    private readonly Dictionary<(int First, int Second), (long Impressions, long RewardMicros)> _pairs = [];
    private readonly long[] _delays = new long[DelayBins.Count];
    private long _asOfMs;
    private long _impressions;
    private bool _tooManyPairs;
    private SegmentEvidence? _snapshot;

    public EvidenceTable()
    {
    }

    public EvidenceTable(SegmentEvidence evidence)
    {
        _asOfMs = evidence.AsOfMs;
        foreach (var module in evidence.Modules)
            IndexOf(module, []);
        foreach (var bucket in evidence.Buckets)
            _buckets.Add(new Bucket(bucket));
        foreach (var pair in evidence.Pairs)
            _pairs[(pair.First, pair.Second)] = (pair.Impressions, pair.RewardMicros);
        evidence.Delays.CopyTo(_delays);
        _impressions = evidence.Buckets.Aggregate(0L, (sum, bucket) => Saturating.Add(sum, bucket.Impressions));
        _tooManyPairs = evidence.TooManyPairs;
    }

    /// <summary>Counts what one signal of a randomised decision adds.</summary>
    /// <param name="modules">Keys of the modules that were served, by slot.</param>
    /// <param name="decidedAtMs">When they were served.</param>
    /// <param name="acceptedAtMs">When the signal was accepted.</param>
    public void Add(ReadOnlySpan<ulong> modules, long impressions, long rewardMicros, long decidedAtMs, long acceptedAtMs)
    {
        _snapshot = null;
        _asOfMs = Math.Max(_asOfMs, acceptedAtMs);
        var bucket = BucketFor(decidedAtMs);
        bucket.Add(impressions, rewardMicros);
        _impressions = Saturating.Add(_impressions, impressions);
        if (rewardMicros > 0)
            _delays[DelayBins.Of(acceptedAtMs - decidedAtMs)]++;
        Span<int> places = stackalloc int[modules.Length];
        for (var slot = 0; slot < modules.Length; slot++)
        {
            places[slot] = IndexOf(modules[slot], places[..slot]);
            bucket.AddModule(places[slot], impressions, rewardMicros);
        }
        AddPairs(places, impressions, rewardMicros);
    }

    public SegmentEvidence ToEvidence() => _snapshot ??= new SegmentEvidence(
        _asOfMs,
        [.. _modules],
        [.. _buckets.Select(bucket => bucket.Snapshot())],
        _tooManyPairs ? [] : [.. _pairs.Select(pair => new PairTally(pair.Key.First, pair.Key.Second, pair.Value.Impressions, pair.Value.RewardMicros))],
        ImmutableCollectionsMarshal.AsImmutableArray(_delays.AsSpan().ToArray()))
    { TooManyPairs = _tooManyPairs };

    /// <param name="taken">Places of this decision's other modules.</param>
    private int IndexOf(ulong module, ReadOnlySpan<int> taken)
    {
        if (_index.TryGetValue(module, out var at))
            return at;
        if (_modules.Count >= MaxModules)
            return ReplaceOldest(module, taken);
        _index[module] = _modules.Count;
        _modules.Add(module);
        return _modules.Count - 1;
    }

    /// <summary>Gives a new module the place of the one whose newest impression is oldest; what that one led to is forgotten.</summary>
    private int ReplaceOldest(ulong module, ReadOnlySpan<int> taken)
    {
        var newest = new int[_modules.Count];
        for (var i = 0; i < _buckets.Count; i++)
            _buckets[i].MarkSeen(newest, i + 1);
        foreach (var place in taken)
            newest[place] = int.MaxValue;
        var at = Array.IndexOf(newest, newest.Min());
        _index.Remove(_modules[at]);
        foreach (var bucket in _buckets)
            bucket.Clear(at);
        foreach (var pair in _pairs.Keys.Where(pair => pair.First == at || pair.Second == at).ToList())
            _pairs.Remove(pair);
        _modules[at] = module;
        _index[module] = at;
        return at;
    }

    private void AddPairs(ReadOnlySpan<int> places, long impressions, long rewardMicros)
    {
        if (_tooManyPairs)
            return;
        for (var first = 0; first < places.Length; first++)
        {
            for (var second = first + 1; second < places.Length; second++)
            {
                ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (places[first], places[second]), out _);
                pair = (Saturating.Add(pair.Impressions, impressions), Saturating.Add(pair.RewardMicros, rewardMicros));
            }
        }
        if (_pairs.Count <= MaxPairs)
            return;
        _tooManyPairs = true;
        _pairs.Clear();
    }

    private Bucket BucketFor(long decidedAtMs)
    {
        for (var i = _buckets.Count - 1; i >= 0; i--)
        {
            var bucket = _buckets[i];
            if (bucket.StartMs > decidedAtMs && i > 0)
                continue;
            if (i < _buckets.Count - 1 || bucket.Impressions < Math.Max(LeastBucketImpressions, BucketShare * _impressions) || decidedAtMs <= bucket.EndMs)
            {
                bucket.Stretch(decidedAtMs);
                return bucket;
            }
            break;
        }
        while (_buckets.Count >= Math.Clamp(MaxCells / Math.Max(1, _modules.Count), LeastBuckets, MaxBuckets))
            Merge();
        var opened = new Bucket(decidedAtMs);
        _buckets.Add(opened);
        return opened;
    }

    private void Merge()
    {
        var (at, least, newer) = (0, double.PositiveInfinity, 0.0);
        for (var i = _buckets.Count - 2; i >= 0; i--)
        {
            var size = (_buckets[i].Impressions + _buckets[i + 1].Impressions) / (newer + 2 * LeastBucketImpressions);
            newer += _buckets[i + 1].Impressions;
            if (size <= least)
                (at, least) = (i, size);
        }
        _buckets[at].Join(_buckets[at + 1]);
        _buckets.RemoveAt(at + 1);
    }

    private sealed class Bucket
    {
        private long[] _moduleImpressions = [];
        private long[] _moduleRewards = [];
        private long _rewardMicros;
        private double _squaredReward;
        private long _rewards;
        private EvidenceBucket? _snapshot;

        public Bucket(long startMs) => StartMs = EndMs = startMs;

        public Bucket(EvidenceBucket stored)
        {
            (StartMs, EndMs, Impressions) = (stored.StartMs, stored.EndMs, stored.Impressions);
            (_rewardMicros, _squaredReward, _rewards) = (stored.RewardMicros, stored.SquaredReward, stored.Rewards);
            _moduleImpressions = [.. stored.ModuleImpressions];
            _moduleRewards = [.. stored.ModuleRewardMicros];
        }

        public long StartMs { get; private set; }
        public long EndMs { get; private set; }
        public long Impressions { get; private set; }

        public void Stretch(long atMs)
        {
            if (atMs >= StartMs && atMs <= EndMs)
                return;
            _snapshot = null;
            (StartMs, EndMs) = (Math.Min(StartMs, atMs), Math.Max(EndMs, atMs));
        }

        public void Add(long impressions, long rewardMicros)
        {
            _snapshot = null;
            Impressions = Saturating.Add(Impressions, impressions);
            _rewardMicros = Saturating.Add(_rewardMicros, rewardMicros);
            var units = rewardMicros / (double)Campaigns.Rewards.Micro;
            _squaredReward += units * units;
            _rewards += rewardMicros > 0 ? 1 : 0;
        }

        public void AddModule(int place, long impressions, long rewardMicros)
        {
            if (place >= _moduleImpressions.Length)
                Grow(place + 1);
            _moduleImpressions[place] = Saturating.Add(_moduleImpressions[place], impressions);
            _moduleRewards[place] = Saturating.Add(_moduleRewards[place], rewardMicros);
        }

        public void MarkSeen(int[] newest, int order)
        {
            for (var i = 0; i < _moduleImpressions.Length; i++)
            {
                if (_moduleImpressions[i] > 0)
                    newest[i] = order;
            }
        }

        public void Clear(int place)
        {
            if (place >= _moduleImpressions.Length)
                return;
            _snapshot = null;
            (_moduleImpressions[place], _moduleRewards[place]) = (0, 0);
        }

        public void Join(Bucket later)
        {
            Stretch(later.EndMs);
            Impressions = Saturating.Add(Impressions, later.Impressions);
            _rewardMicros = Saturating.Add(_rewardMicros, later._rewardMicros);
            _squaredReward += later._squaredReward;
            _rewards += later._rewards;
            for (var i = 0; i < later._moduleImpressions.Length; i++)
                AddModule(i, later._moduleImpressions[i], later._moduleRewards[i]);
            _snapshot = null;
        }

        /// <summary>Kept until the bucket changes, so that old buckets are not copied again and again.</summary>
        public EvidenceBucket Snapshot() => _snapshot ??= new EvidenceBucket(
            StartMs, EndMs, Impressions, _rewardMicros, _squaredReward, _rewards, [.. _moduleImpressions], [.. _moduleRewards]);

        private void Grow(int length)
        {
            Array.Resize(ref _moduleImpressions, length);
            Array.Resize(ref _moduleRewards, length);
        }
    }
}
