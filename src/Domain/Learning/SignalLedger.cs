namespace Flywheel.Domain.Learning;

/// <summary>What became of every accepted signal: accepted = counted + duplicate + late + quarantined, always.</summary>
public readonly record struct SignalLedger(long Accepted, long Counted, long Duplicate, long Late, long Quarantined)
{
    public bool Balances => Accepted == Counted + Duplicate + Late + Quarantined;

    public static SignalLedger operator +(SignalLedger a, SignalLedger b) =>
        new(a.Accepted + b.Accepted, a.Counted + b.Counted, a.Duplicate + b.Duplicate, a.Late + b.Late, a.Quarantined + b.Quarantined);

    public static SignalLedger Add(SignalLedger left, SignalLedger right) => left + right;
}
