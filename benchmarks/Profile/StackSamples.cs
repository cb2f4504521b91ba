using System.Text.RegularExpressions;

namespace Flywheel.Benchmarks.Profile;

/// <summary>Reads what <c>perf script -F comm,tid,ip,sym,dso</c> prints: a line for the thread, one for each frame, an empty one.</summary>
internal static partial class StackSamples
{
    public static List<StackSample> Read(TextReader text)
    {
        var samples = new List<StackSample>();
        var (thread, frames) = ("", new List<string>());
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0)
                Finish();
            else if (!char.IsWhiteSpace(line[0]) || frames.Count == 0 && thread.Length == 0)
                thread = ThreadId().Replace(line.Trim(), "");
            else
                frames.Add(Frame(line));
        }
        Finish();
        return samples;

        void Finish()
        {
            if (frames.Count > 0)
                samples.Add(new StackSample(thread, frames));
            (thread, frames) = ("", []);
        }
    }

    /// <summary>Without the address; of a compiled method its name alone, without the types it takes and its tier.</summary>
    private static string Frame(string line) => Managed().Replace(Address().Replace(line, ""), "${method} (${assembly})");

    [GeneratedRegex(@"\s+-?\d+\s*$")]
    private static partial Regex ThreadId();

    [GeneratedRegex(@"^\s*[0-9a-f]+\s+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^.*?\[(?<assembly>[^\]]+)\] (?<method>[^(]+)\(.*\(\S*perf-\d+\.map\)$")]
    private static partial Regex Managed();
}
