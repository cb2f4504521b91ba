namespace Flywheel.Cli.Simulate;

/// <summary>Reward probabilities from an impression on.</summary>
/// <param name="From">The first impression it holds for.</param>
/// <param name="Rates">By combination, the last slot's module running fastest.</param>
/// <param name="Mean">What the uniform policy earns.</param>
/// <param name="Best">What the best combination earns.</param>
internal sealed record WorldPhase(int From, double[] Rates, double Mean, double Best);
