using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Rivals;

namespace Flywheel.Benchmarks.Learning.Tests.Rivals;

/// <summary>A small world with rewards at once, whose rates a test gives for each impression and segment.</summary>
internal sealed class Trial(IRival rival, int segments, Func<int, int, double[]> rates)
{
    private readonly RandomStream _audience = new(11);
    private int _impression;

    /// <summary>Headroom captured over the next <paramref name="impressions"/>.</summary>
    public double Captured(int impressions)
    {
        var (served, uniform, best) = (0.0, 0.0, 0.0);
        for (var end = _impression + impressions; _impression < end; _impression++)
        {
            var segment = _audience.Below(segments);
            var now = rates(_impression, segment);
            var combination = rival.Choose(_impression, segment);
            (served, uniform, best) = (served + now[combination], uniform + now.Average(), best + now.Max());
            if (_audience.Unit() < now[combination])
                rival.Reward(_impression, segment, combination);
        }
        return (served - uniform) / (best - uniform);
    }
}
