using System.Runtime.InteropServices;

namespace Flywheel.Cli.Terminals;

/// <summary>Who reads standard output: a pipe's other end may go away, as that of <c>head</c> does, and .NET writes on to nobody.</summary>
internal static partial class OutputReader
{
    private const int StandardOutput = 1;
    private const int Interrupted = 4;
    private const int Forever = -1;

    /// <returns>What is cancelled once nobody reads standard output any more, whether or not something is written. Never on Windows.</returns>
    public static CancellationToken UntilGone()
    {
        var gone = new CancellationTokenSource();
        if (!OperatingSystem.IsWindows())
            new Thread(() => Await(gone)) { IsBackground = true, Name = "output reader" }.Start();
        return gone.Token;
    }

    private static void Await(CancellationTokenSource gone)
    {
        // Without a wish of one's own, what is told of is the other end's going, or that there is none.
        var output = new Poll { Descriptor = StandardOutput };
        int told;
        do
            told = PollOne(ref output, 1, Forever);
        while (told < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (told > 0)
            gone.Cancel();
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollOne(ref Poll descriptor, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Wanted;
        public short Told;
    }
}
