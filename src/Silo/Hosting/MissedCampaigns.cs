namespace Flywheel.Silo.Hosting;

/// <summary>
/// Asks the cluster for campaigns that signals are about and that this silo does not know, or not as the signals have them: it may have
/// missed their publication, and a signal that is turned away is lost. Requests share looks; a look is one call to the catalogue and one
/// to each campaign listed there, and looks come one after the other, however many names callers make up. What was asked for in vain
/// a moment ago is not asked for again. Safe to call from any thread.
/// </summary>
internal sealed class MissedCampaigns(ClusterMember member, TimeProvider time)
{
    private const int MostRemembered = 10_000;

    /// <summary>Names that one look takes; the request that goes beyond is the last.</summary>
    private const int MostNames = 20_000;

    /// <summary>Gathers the requests that come together.</summary>
    private static readonly TimeSpan LooksApart = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RememberFor = TimeSpan.FromSeconds(2);

    /// <summary>A request is told to come again where a look takes longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<CampaignLife, long> _askedAt = [];
    private HashSet<string>? _waiting;
    private Task<IReadOnlyList<string>> _look = Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Whether what the cluster says of it is in the replica as of a moment ago, so that asking again would say the same.</summary>
    public bool WasAsked(CampaignLife life)
    {
        lock (_lock)
            return _askedAt.TryGetValue(life, out var at) && time.GetElapsedTime(at) < RememberFor;
    }

    /// <summary>Remembers that the cluster was asked, and that what it said did not make a signal right.</summary>
    /// <param name="at">As <see cref="LookAsync"/> returned it.</param>
    public void Remember(CampaignLife life, long at)
    {
        lock (_lock)
        {
            if (_askedAt.Count >= MostRemembered)
                _askedAt.Clear();
            _askedAt[life] = at;
        }
    }

    /// <summary>Brings what the cluster says of these campaigns into the replica.</summary>
    /// <returns>The time, by the clock's timestamps, as of which the replica has it; null where the cluster could not be asked in time.</returns>
    public async Task<long?> LookAsync(IReadOnlyCollection<CampaignLife> lives, CancellationToken cancellationToken)
    {
        try
        {
            // The cluster may have more to say after this.
            var now = time.GetTimestamp();
            if (Join(lives.Select(life => life.Id)) is not { } look)
                return null;
            // By the machine's clock: a test that stops its own still needs an answer.
            var failed = await look.WaitAsync(Patience, TimeProvider.System, cancellationToken);
            return lives.Any(life => failed.Contains(life.Id)) ? null : now;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the loader meets it too and says so.
            return null;
        }
    }

    /// <summary>The next look that begins, for these names too; null where it has too many already.</summary>
    private Task<IReadOnlyList<string>>? Join(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            if (_waiting is null)
            {
                _waiting = new HashSet<string>(StringComparer.Ordinal);
                _look = LookNextAsync(_look);
            }
            if (_waiting.Count > MostNames)
                return null;
            _waiting.UnionWith(ids);
            return _look;
        }
    }

    private async Task<IReadOnlyList<string>> LookNextAsync(Task before)
    {
        // Those who wait for the one before hear how it ended.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await Task.Delay(LooksApart);
        HashSet<string> ids;
        lock (_lock)
            (ids, _waiting) = (_waiting!, null);
        using var patience = new CancellationTokenSource(Patience);
        return await member.LookForAsync(ids, patience.Token).WaitAsync(patience.Token);
    }
}
