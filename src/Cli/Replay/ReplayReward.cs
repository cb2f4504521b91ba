using System.Globalization;
using Flywheel.Client;

namespace Flywheel.Cli.Replay;

/// <summary>Says the rewards of a log in the signals of a campaign, so that what is counted is what the log has.</summary>
internal sealed class ReplayReward
{
    private const string Click = "click";
    private const string Cap = "cap";

    /// <summary>Events that one signal may stand for.</summary>
    private const double MostEvents = 1_000_000;

    /// <summary>Rewards are exact in millionths; a number is so near to what it means.</summary>
    private const double Tolerance = 1e-9;

    private readonly double _weight;
    private readonly double _perValue;

    private ReplayReward(string type, Reward reward) => (Type, _weight, _perValue) = (type, reward.Weight ?? 0, reward.PerValue ?? 0);

    /// <value>The type of the signals.</value>
    public string Type { get; }

    /// <param name="campaign">As the engine has it.</param>
    /// <param name="asked">The type that was asked for; null for the one there is, or <c>click</c>.</param>
    /// <exception cref="InvalidDataException">The campaign rewards no such type.</exception>
    public static ReplayReward Of(Campaign campaign, string? asked)
    {
        var rewards = (campaign.Rewards ?? new Dictionary<string, Reward> { [Click] = 1 }).Where(reward => reward.Key != Cap && reward.Value is { Weight: > 0 } or { PerValue: > 0 })
            .ToDictionary(reward => reward.Key, reward => reward.Value);
        var type = asked ?? (rewards.Count == 1 ? rewards.Keys.Single() : Click);
        return rewards.TryGetValue(type, out var found)
            ? new ReplayReward(type, found)
            : throw new InvalidDataException($"--type: came {asked ?? "nothing"}; expected a type that the campaign rewards: {string.Join(", ", rewards.Keys)}");
    }

    /// <summary>How many events, of which value, earn so much; null where none do.</summary>
    public (long Count, double? Value)? Saying(double reward)
    {
        if (_perValue > 0)
            return reward >= _weight ? (1, (reward - _weight) / _perValue) : null;
        var count = Math.Round(reward / _weight);
        return count is >= 1 and <= MostEvents && Math.Abs(count * _weight - reward) <= Tolerance * reward ? ((long)count, null) : null;
    }

    public string Expected => _perValue > 0
        ? string.Create(CultureInfo.InvariantCulture, $"0, or at least the {_weight} that a {Type} earns")
        : string.Create(CultureInfo.InvariantCulture, $"0, or 1 to 1,000,000 times the {_weight} that a {Type} earns (--type names another)");
}
