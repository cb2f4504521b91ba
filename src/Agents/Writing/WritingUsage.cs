namespace Flywheel.Agents.Writing;

/// <summary>What writing cost, also where it failed.</summary>
/// <param name="InputTokens">Tokens read by the model.</param>
/// <param name="OutputTokens">Tokens written by the model.</param>
/// <param name="CostMicros">Millionths of the currency that the prices are in.</param>
public sealed record WritingUsage(long InputTokens, long OutputTokens, long CostMicros)
{
    public static readonly WritingUsage None = new(0, 0, 0);

    public static WritingUsage operator +(WritingUsage left, WritingUsage right) =>
        new(left.InputTokens + right.InputTokens, left.OutputTokens + right.OutputTokens, left.CostMicros + right.CostMicros);
}
