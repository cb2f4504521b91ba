using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>What each decision has said so far: its signals that were counted, what they earned, and those that wait for its impression.</summary>
internal sealed class DecisionMemory(DedupeWindow dedupe)
{
    /// <summary>Whether the signal was counted before.</summary>
    public bool Knows(in DecisionSignal signal) => signal.Id != 0 ? dedupe.Knows(signal.Id) : dedupe.Knows(signal.Issuer, signal.Type, signal.Counter);

    /// <summary>Whether there is room to remember the signal, once it is counted.</summary>
    public bool CanRemember(DedupeShare share, in DecisionSignal signal) => signal.Id != 0
        ? dedupe.CanRememberIdOf(share, signal.Issuer, signal.Counter)
        : dedupe.CanRemember(share, signal.Issuer, signal.Type, signal.Counter)
            && (signal.ValueRewardMicros == 0 || dedupe.CanRememberIdOf(share, signal.Issuer, signal.Counter));

    /// <param name="worth">What the signal earns before the cap, in millionths.</param>
    public void Remember(DedupeShare share, in DecisionSignal signal, long worth, long expiresAtMs)
    {
        if (signal.Id != 0)
        {
            dedupe.Remember(share, new RememberedId(signal.Id, expiresAtMs, signal.Issuer, signal.Counter, worth));
            return;
        }
        dedupe.Remember(share, signal.Issuer, signal.Type, signal.Counter, expiresAtMs);
        if (signal.ValueRewardMicros > 0)
            dedupe.RememberValue(share, signal.Issuer, signal.Type, signal.Counter, expiresAtMs, signal.ValueRewardMicros);
    }

    /// <summary>What the decision has earned before its cap, in millionths: each type counted so far, what values earned, and every signal with an id of its own.</summary>
    public long Earned(in DecisionSignal signal, RewardRules rules)
    {
        var earned = dedupe.IdRewards(signal.Issuer, signal.Counter);
        foreach (var (type, weight) in rules.Types)
        {
            if (weight > 0 && dedupe.Knows(signal.Issuer, type, signal.Counter))
                earned = Saturating.Add(earned, weight);
        }
        return earned;
    }

    /// <summary>Whether a beacon is to wait for its decision's impression: nobody clicks what was not seen.</summary>
    public bool IsEarly(in DecisionSignal signal) =>
        signal.Id == 0 && signal.Type != RewardRules.ImpressionKey && !dedupe.Knows(signal.Issuer, RewardRules.ImpressionKey, signal.Counter);

    /// <summary>Whether a signal of this type waits for the decision's impression.</summary>
    public bool IsHeld(in DecisionSignal signal, ulong type) => dedupe.Knows(signal.Issuer, HeldKey(type), signal.Counter);

    /// <summary>Whether there is room to remember that the signal waits.</summary>
    public bool CanHold(DedupeShare share, in DecisionSignal signal) => dedupe.CanRemember(share, signal.Issuer, HeldKey(signal.Type), signal.Counter);

    public void Hold(DedupeShare share, in DecisionSignal signal, long expiresAtMs) => dedupe.Remember(share, signal.Issuer, HeldKey(signal.Type), signal.Counter, expiresAtMs);

    /// <summary>What a type that waits is remembered as, apart from the type itself.</summary>
    private static ulong HeldKey(ulong type) => Mixing.Spread(~type);
}
