using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>What was decided here, without any allocation.</summary>
public readonly struct LocalChoice
{
    private readonly LocalPolicy _policy;
    private readonly LocalSegment _segment;
    private readonly Choice _choice;

    internal LocalChoice(LocalPolicy policy, LocalSegment segment, Choice choice, long ageMs, int tokenLength) =>
        (_policy, _segment, _choice, PolicyAgeMs, TokenLength) = (policy, segment, choice, ageMs, tokenLength);

    /// <value>The bytes of the token in the caller's buffer, ASCII; 0 where the decision cannot be attributed, for want of a lease.</value>
    public int TokenLength { get; }

    /// <value>The segment that it was decided for.</value>
    public string Segment => _segment.Source.Id;

    /// <value>The policy that decided.</value>
    public long PolicyVersion => _segment.Policy.Version;

    /// <value>The age of that policy, in milliseconds, 0 or more.</value>
    public long PolicyAgeMs { get; }

    /// <value><c>learned</c>, <c>control</c> or <c>fallback</c>.</value>
    public string Reason => _choice.Group == Group.Control ? "control" : _segment.Policy.IsFallback ? "fallback" : "learned";

    /// <value>The exact probability of this whole combination, control share included, above 0 to 1.</value>
    public double Propensity => _choice.Propensity;

    /// <value>How many slots there are.</value>
    public int Slots => _policy.Modules.Length;

    /// <summary>The module to serve in a slot.</summary>
    /// <param name="slot">The slot's place in the campaign, from 0.</param>
    public ServedModule Module(int slot) => _policy.Modules[slot][Combination.ModuleAt(_choice.Combination, slot)];

    /// <summary>The module to serve in a slot.</summary>
    /// <exception cref="ArgumentException">There is no such slot.</exception>
    public ServedModule Module(string slot)
    {
        for (var place = 0; place < _policy.Modules.Length; place++)
        {
            if (_policy.Snapshot.Slots[place].Id == slot)
                return Module(place);
        }
        throw new ArgumentException($"There is no slot \"{slot}\".", nameof(slot));
    }

    internal Dictionary<string, ServedModule> Variant()
    {
        var variant = new Dictionary<string, ServedModule>(Slots, StringComparer.Ordinal);
        for (var slot = 0; slot < Slots; slot++)
            variant.Add(_policy.Snapshot.Slots[slot].Id, Module(slot));
        return variant;
    }
}
