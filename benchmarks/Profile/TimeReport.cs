namespace Flywheel.Benchmarks.Profile;

/// <summary>Shares of the processor's time: by group, by the function itself, and by function with all that it calls.</summary>
internal sealed class TimeReport(FrameGroups groups)
{
    private const int Functions = 40;
    private const int MostChars = 150;

    public void Write(IReadOnlyList<StackSample> samples, TextWriter text)
    {
        text.WriteLine($"{samples.Count} samples");
        WriteShares(text, "group", samples.Select(groups.Of), samples.Count, int.MaxValue);
        WriteShares(text, "function itself", samples.Select(sample => sample.Frames[0]), samples.Count, Functions);
        WriteShares(text, "function with what it calls", samples.SelectMany(sample => sample.Frames.Distinct()), samples.Count, Functions);
        WriteShares(text, $"function itself, of \"{FrameGroups.Rest}\"", samples.Where(sample => groups.Of(sample) == FrameGroups.Rest).Select(sample => sample.Frames[0]), samples.Count, Functions / 4);
    }

    private static void WriteShares(TextWriter text, string title, IEnumerable<string> names, int total, int most)
    {
        text.WriteLine();
        text.WriteLine($"share   {title}");
        foreach (var (name, count) in names.CountBy(name => name).OrderByDescending(pair => pair.Value).Take(most))
            text.WriteLine($"{100.0 * count / total,5:F1} %  {(name.Length > MostChars ? name[..MostChars] + "…" : name)}");
    }
}
