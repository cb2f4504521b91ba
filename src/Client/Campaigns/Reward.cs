using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>What a signal of a type earns: a fixed weight, a share of its value, or both. A number stands for the weight.</summary>
[JsonConverter(typeof(RewardConverter))]
public sealed record Reward
{
    /// <value>0 to 1,000,000, at most 6 decimals; null earns nothing for the signal as such.</value>
    public double? Weight { get; init; }

    /// <value>Earned for 1 of the signal's value, 0 to 1,000,000, at most 6 decimals; a campaign that has one needs a <c>cap</c>.</value>
    public double? PerValue { get; init; }

    public static implicit operator Reward(double weight) => FromDouble(weight);

    public static Reward FromDouble(double weight) => new() { Weight = weight };
}
