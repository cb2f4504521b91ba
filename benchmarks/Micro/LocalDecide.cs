using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Flywheel.Client;
using Flywheel.Decisions;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Decisions in the client's process, with and without a token, for 3 slots of 8 modules.</summary>
[MemoryDiagnoser]
public class LocalDecide
{
    private readonly byte[] _token = new byte[LocalDecider.MaxTokenBytes];
    private readonly char[] _segment = "young-urban".ToCharArray();
    private FlywheelClient _client = null!;
    private LocalDecider _leased = null!;
    private LocalDecider _unleased = null!;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _client = new FlywheelClient(new HttpClient(new Engine()) { BaseAddress = new Uri("http://engine.test") });
        _leased = await _client.OpenLocalAsync("spring");
        _unleased = await _client.OpenLocalAsync("unleased");
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _leased.DisposeAsync();
        await _unleased.DisposeAsync();
        await _client.DisposeAsync();
    }

    [Benchmark]
    public int WithToken()
    {
        _leased.Decide(new LocalRequest { Segment = _segment }, _token, out var choice);
        return choice.TokenLength;
    }

    [Benchmark]
    public int WithTokenForAUnit()
    {
        _leased.Decide(new LocalRequest { Segment = _segment, Unit = "user-1"u8 }, _token, out var choice);
        return choice.TokenLength;
    }

    [Benchmark]
    public double WithoutToken()
    {
        _unleased.Decide(new LocalRequest { Segment = _segment }, _token, out var choice);
        return choice.Propensity;
    }

    [Benchmark]
    public LocalDecision? Typed() => _leased.Decide("user-1", "young-urban");

    /// <summary>Gives a policy, and a lease of as many counters as a run can use; takes every report, and has no stream.</summary>
    private sealed class Engine : HttpMessageHandler
    {
        private readonly TokenKeys _keys = new([new(1, new byte[TokenKeys.KeyBytes])]);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path.EndsWith("/policy", StringComparison.Ordinal))
                return new HttpResponseMessage { Content = new ByteArrayContent(Policy()) };
            if (path.EndsWith("/spring/lease", StringComparison.Ordinal))
                return new HttpResponseMessage { Content = JsonContent.Create(Lease()) };
            if (!path.EndsWith("/served", StringComparison.Ordinal))
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = JsonContent.Create(new { accepted = 1, rejected = Array.Empty<int>() }) };
        }

        private object Lease()
        {
            var now = TimeProvider.System.GetUtcNow();
            var lease = _keys.Grant("spring", 7, 1UL << 60, now.AddDays(1).ToUnixTimeMilliseconds());
            return new
            {
                lease = _keys.Write(lease),
                incarnation = lease.Incarnation.ToString("x16", CultureInfo.InvariantCulture),
                issuer = lease.Issuer.ToString("x16", CultureInfo.InvariantCulture),
                keyId = lease.KeyId,
                key = lease.Key,
                counters = lease.Counters,
                grantedAt = now,
                expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(lease.ExpiresAtMs),
            };
        }

        private static byte[] Policy()
        {
            ImmutableArray<int> shape = [8, 8, 8];
            var random = new Random(3);
            var draws = Enumerable.Range(0, SegmentPolicy.Entries).Select(_ => Combination.With(Combination.With((ulong)random.Next(8), 1, random.Next(8)), 2, random.Next(8))).ToArray();
            var policy = new SnapshotPolicy(new SegmentPolicy(42, shape, draws, 0.05, 0), 1_777_000_000_000);
            var slots = shape.Select((modules, s) => new SnapshotSlot($"s{s}", [.. Enumerable.Range(0, modules).Select(m => new SnapshotModule($"m{m}", 1, (ulong)(s * 8 + m), "{}"u8.ToArray()))]));
            var snapshot = new PolicySnapshot([.. slots], [new SnapshotSegment("young-urban", 3, [], policy), new SnapshotSegment("default", 5, [], policy)])
            {
                Campaign = "spring",
                Incarnation = 7,
                IsLive = true,
                AsOfMs = policy.FittedAtMs,
                WindowSeconds = 3_600,
                Partitions = 16,
                Channels = [],
                Prior = policy,
            };
            var bytes = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes))
                PolicySnapshotWriter.Write(json, snapshot);
            return bytes.WrittenSpan.ToArray();
        }
    }
}
