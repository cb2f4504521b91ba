using System.Text.RegularExpressions;

namespace Flywheel.Benchmarks.Profile;

/// <summary>
/// Names the work that a sample belongs to. Rules come in tiers; the first tier that has a match decides, and within it the
/// innermost frame that matches. So what a JSON writer copies counts as writing JSON, and what the kernel does as the kernel's.
/// </summary>
internal sealed class FrameGroups
{
    public const string Rest = "other";

    private readonly List<List<Rule>> _tiers = [[]];

    private FrameGroups(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("---", StringComparison.Ordinal))
            {
                _tiers.Add([]);
                continue;
            }
            var (group, pattern) = line.Split('\t', 2) is [var left, var right] ? (left, right) : throw new FormatException($"\"{line}\": expected a group, a tab and a pattern.");
            var isThread = pattern.StartsWith('@');
            _tiers[^1].Add(new Rule(group, isThread, new Regex(isThread ? pattern[1..] : pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant)));
        }
    }

    /// <param name="path">One rule a line: a group, a tab, a pattern of a frame, or with an @ of a thread's name; <c>---</c> ends a tier.</param>
    public static FrameGroups Load(string path) => new(File.ReadLines(path));

    public string Of(StackSample sample)
    {
        foreach (var tier in _tiers)
        {
            if (tier.FirstOrDefault(rule => rule.IsThread && rule.Pattern.IsMatch(sample.Thread)) is { } ofThread)
                return ofThread.Group;
            foreach (var frame in sample.Frames)
            {
                if (tier.FirstOrDefault(rule => !rule.IsThread && rule.Pattern.IsMatch(frame)) is { } rule)
                    return rule.Group;
            }
        }
        return Rest;
    }

    private sealed record Rule(string Group, bool IsThread, Regex Pattern);
}
