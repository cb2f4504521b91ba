using System.Text;
using BenchmarkDotNet.Attributes;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;
using Flywheel.Signals.Sqlite;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;

namespace Flywheel.Benchmarks.Micro;

/// <summary>A signal on its way in: its JSON read; and read, checked and put into an entry, as a request of 1,000 does.</summary>
[MemoryDiagnoser]
public class SignalBenchmarks
{
    private const int SignalsARequest = 1_000;
    private const string Document = """{"slots":[{"id":"headline","modules":[{"id":"h1"},{"id":"h2"}]}],"segments":[{"id":"young","match":{"age":{"lt":30}}}]}""";

    private readonly TokenKeys _keys = new([new(1, new byte[TokenKeys.KeyBytes])]);
    private readonly TemporaryStore _store = new();
    private readonly byte[][] _signals = new byte[SignalsARequest][];
    private CampaignReplica _replica = null!;

    /// <summary>Never asked: the replica knows the campaign.</summary>
    private readonly MissedCampaigns _missed = new(null!, TimeProvider.System);

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var store = await SqliteSignalStore.OpenAsync(_store.Database, 16, TimeProvider.System);
        _replica = new CampaignReplica(store, new ModuleEffectsLearner(), TimeProvider.System);
        var campaign = CampaignReader.Read("spring", Encoding.UTF8.GetBytes(Document), out _)!;
        _replica.Put(new PublishedCampaignMessage(new PublishedCampaign
        {
            Id = "spring",
            Incarnation = 1,
            Revision = 1,
            LayoutRevision = 1,
            Campaign = campaign,
            Versions = [[1, 1]],
        }));
        for (var i = 0; i < _signals.Length; i++)
            _signals[i] = Encoding.UTF8.GetBytes($$"""{"decisionId":"{{Token((ulong)i)}}","type":"impression"}""");
    }

    [GlobalCleanup]
    public ValueTask CleanupAsync() => _store.DisposeAsync();

    [Benchmark]
    public int Parse() => RawSignal.Read(_signals[0], out var signal) is null ? signal.DecisionId.Length : throw new InvalidOperationException("The signal was refused.");

    [Benchmark(OperationsPerInvoke = SignalsARequest)]
    public int Take()
    {
        var intake = new SignalIntake(_replica, _missed, _keys, TimeProvider.System, tenant: null);
        foreach (var signal in _signals)
        {
            if (intake.Take(signal) is { } error)
                throw new InvalidOperationException(error);
        }
        return intake.Entries().Count;
    }

    private string Token(ulong counter)
    {
        var text = new byte[DecisionToken.MaxChars];
        var length = new DecisionToken
        {
            Issuer = 1,
            Counter = counter,
            IssuedAtMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            Propensity = 0.3,
            Incarnation = 1,
            WindowSeconds = 3_600,
            Campaign = "spring"u8,
            Segment = "young"u8,
            ModuleKeys = new byte[8],
        }.WriteTo(text, _keys);
        return Encoding.ASCII.GetString(text, 0, length);
    }
}
