using System.Diagnostics;
using System.Globalization;

namespace Flywheel.Fuzz.Tests;

/// <summary>
/// How long to look and from where: <c>FLYWHEEL_FUZZ_SECONDS</c> for each parser (1 unless said), <c>FLYWHEEL_FUZZ_SEED</c> (1 unless said), and
/// <c>FLYWHEEL_FUZZ_INPUT</c> for the one input that a failure named. Each input depends on seed and number alone.
/// </summary>
internal static class Fuzzing
{
    /// <summary>Far more than any input of this size takes: only what hangs takes this long.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    private const long AllocatedAtMost = 8 << 20;
    private const long AllocatedPerByte = 512;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(Number("FLYWHEEL_FUZZ_SECONDS") ?? 1);
    private static readonly long Seed = Number("FLYWHEEL_FUZZ_SEED") ?? 1;
    private static readonly long? Only = Number("FLYWHEEL_FUZZ_INPUT");

    /// <summary>Checks inputs until the time is over; one at the least.</summary>
    /// <returns>How many.</returns>
    public static Task<long> RunAsync(Parser parser, IEnumerable<byte[]> corpus) => RunAsync(parser.Name, [.. parser.Samples, .. corpus], input =>
    {
        CheckBounded(parser, input);
        return Task.CompletedTask;
    });

    /// <summary>As above, for what answers later.</summary>
    public static async Task<long> RunAsync(string name, IReadOnlyList<byte[]> samples, Func<byte[], Task> check)
    {
        var mutator = new Mutator(samples);
        var started = Stopwatch.GetTimestamp();
        for (var number = Only ?? 0; ; number++)
        {
            var input = mutator.Next(new Random(HashOf(Seed, number)));
            try
            {
                await check(input);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"{name} breaks with input {number} of seed {Seed}; run it alone with FLYWHEEL_FUZZ_SEED={Seed} FLYWHEEL_FUZZ_INPUT={number}. "
                    + $"{input.Length} bytes, base64: {Convert.ToBase64String(input.AsSpan(..Math.Min(input.Length, 6_000)))}", e);
            }
            if (Only is not null || Stopwatch.GetElapsedTime(started) >= Budget)
                return number + 1;
        }
    }

    /// <summary>As the parser's check, in bounded time and memory.</summary>
    public static void CheckBounded(Parser parser, byte[] input)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        parser.Check(input);
        var (took, allocated) = (Stopwatch.GetElapsedTime(started), GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(took < Hang, $"Expected an answer within {Hang}; it took {took}");
        Assert.True(allocated <= AllocatedAtMost + AllocatedPerByte * input.Length, $"Expected a bounded allocation; came {allocated} bytes for {input.Length}");
    }

    private static int HashOf(long seed, long number) => unchecked((int)(seed * 0x9E3779B1 ^ number * 0x85EBCA77 ^ number >> 32));

    private static long? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
