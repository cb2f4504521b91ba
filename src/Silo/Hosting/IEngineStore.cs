using Flywheel.Decisions;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>What an engine keeps its data in, and how its silo finds the others there.</summary>
internal interface IEngineStore : IAsyncDisposable
{
    ISignalStore Signals { get; }

    /// <summary>The same log, for what is read from sources.</summary>
    ISourceLog Sources { get; }

    /// <summary>The keys of the decision tokens.</summary>
    TokenKeys Keys { get; }

    /// <summary>What the file of the decision tokens' keys holds now; see <see cref="TokenKeyFile"/>.</summary>
    Task<string> ReadKeysAsync(CancellationToken cancellationToken);

    /// <summary>What is not as it should be with the store, in sentences; none of it keeps the engine from working.</summary>
    IEnumerable<string> Warnings { get; }

    /// <summary>Makes sure that the store is there and can be relied on, before a silo starts on it.</summary>
    /// <exception cref="StartupException">It cannot be relied on as it is.</exception>
    /// <exception cref="StoreUnavailableException">It is away; try again.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Adds clustering, grain state and reminders.</summary>
    void Configure(ISiloBuilder silo);

    /// <summary>Why this silo, though it runs, is no member of its cluster any more; null while it is one, or while nobody can tell.</summary>
    /// <param name="silo">The silo's services.</param>
    Task<string?> LostMembershipAsync(IServiceProvider silo);

    /// <summary>Whether the store may be away while the process runs.</summary>
    bool MayBeAway { get; }

    /// <summary>Where the replica is kept on this silo's own disk, so that a start need not fit every segment, and can serve without the store.</summary>
    string ReplicaFolder { get; }
}
