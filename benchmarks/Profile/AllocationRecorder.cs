using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace Flywheel.Benchmarks.Profile;

/// <summary>Records a process's allocation ticks, one every ~100 kB, with their stacks, through the runtime's event pipe.</summary>
internal static class AllocationRecorder
{
    private const int BufferMb = 256;

    /// <summary>Records until SIGINT or SIGTERM.</summary>
    public static async Task RunAsync(int process, string file)
    {
        var stopped = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var keywords = ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.Stack;
        var provider = new EventPipeProvider(ClrTraceEventParser.ProviderName, EventLevel.Verbose, (long)keywords);
        using var session = await new DiagnosticsClient(process).StartEventPipeSessionAsync([provider], requestRundown: true, BufferMb, CancellationToken.None);
        await using var output = File.Create(file);
        var copying = session.EventStream.CopyToAsync(output);
        await stopped.Task;
        await session.StopAsync(CancellationToken.None);
        await copying;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
