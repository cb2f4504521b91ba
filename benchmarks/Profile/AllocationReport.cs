using Microsoft.Diagnostics.Tracing.Etlx;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Flywheel.Benchmarks.Profile;

/// <summary>What a recording says was allocated: in all, by type, and by type and the two innermost methods that are not the allocator's.</summary>
internal static class AllocationReport
{
    private const int Types = 25;
    private const int Sites = 40;
    private const int FramesOfSite = 3;

    /// <param name="file">A recording (.nettrace).</param>
    /// <param name="operations">Decisions or signals made meanwhile; 0 tells shares alone.</param>
    public static void Write(string file, long operations, TextWriter text)
    {
        var (types, sites, total) = (new Dictionary<string, long>(), new Dictionary<string, long>(), 0L);
        using (var log = new TraceLog(TraceLog.CreateFromEventPipeDataFile(file)))
        {
            foreach (var tick in log.Events.ByEventType<GCAllocationTickTraceData>())
            {
                total += tick.AllocationAmount64;
                Add(types, tick.TypeName, tick.AllocationAmount64);
                Add(sites, $"{tick.TypeName} < {SiteOf(tick.CallStack())}", tick.AllocationAmount64);
            }
        }
        text.WriteLine($"{total / 1_048_576.0:F0} MiB in all{(operations > 0 ? $", {operations} operations: {(double)total / operations:F0} bytes each" : "")}");
        WriteShares(text, "type", types, Types, total, operations);
        WriteShares(text, "type < allocated in < called by …", sites, Sites, total, operations);
    }

    private static string SiteOf(TraceCallStack? stack)
    {
        var frames = new List<string>();
        for (; stack is not null && frames.Count < FramesOfSite; stack = stack.Caller)
        {
            var address = stack.CodeAddress;
            if (address.Method is null)
                continue;
            frames.Add(address.FullMethodName is var name && name.IndexOf('(') is > 0 and var end ? name[..end] : address.FullMethodName);
        }
        return string.Join(" < ", frames);
    }

    private static void WriteShares(TextWriter text, string title, Dictionary<string, long> bytes, int most, long total, long operations)
    {
        text.WriteLine();
        text.WriteLine($"share   bytes each   {title}");
        foreach (var (name, sum) in bytes.OrderByDescending(pair => pair.Value).Take(most))
            text.WriteLine($"{100.0 * sum / Math.Max(1, total),5:F1} %  {(operations > 0 ? (double)sum / operations : 0),10:F1}   {name}");
    }

    private static void Add(Dictionary<string, long> sums, string key, long bytes) => sums[key] = sums.GetValueOrDefault(key) + bytes;
}
