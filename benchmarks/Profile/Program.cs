using System.Globalization;
using Flywheel.Benchmarks.Profile;

// profile time GROUPS.tsv               reads `perf script -F comm,tid,ip,sym,dso`; prints the groups, and the functions themselves
// profile trace PID FILE                records the allocations of a process until SIGTERM
// profile allocations FILE OPERATIONS   prints a recording by type and by site, for each operation (0: in all)
switch (args)
{
    case ["time", var groups]:
        var samples = StackSamples.Read(Console.In);
        new TimeReport(FrameGroups.Load(groups)).Write(samples, Console.Out);
        return 0;
    case ["trace", var pid, var file]:
        await AllocationRecorder.RunAsync(int.Parse(pid, CultureInfo.InvariantCulture), file);
        return 0;
    case ["allocations", var file, var operations]:
        AllocationReport.Write(file, long.Parse(operations, CultureInfo.InvariantCulture), Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("usage: profile time GROUPS.tsv | trace PID FILE | allocations FILE OPERATIONS");
        return 2;
}
