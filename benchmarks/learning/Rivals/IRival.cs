namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>Chooses, and learns from every impression and every reward at once.</summary>
internal interface IRival
{
    /// <summary>The combination to show; it counts as shown.</summary>
    /// <param name="impression">Of the run: 0, 1, 2, …</param>
    int Choose(int impression, int segment);

    /// <summary>An earlier impression brought a reward.</summary>
    void Reward(int impression, int segment, int combination);
}
