namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>Takes all segments for one.</summary>
internal sealed class Pooled(IRival rival) : IRival
{
    public int Choose(int impression, int segment) => rival.Choose(impression, 0);

    public void Reward(int impression, int segment, int combination) => rival.Reward(impression, 0, combination);
}
