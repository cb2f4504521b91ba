namespace Flywheel.Signals;

/// <summary>What a record of the log says. Values are stored: never renumber.</summary>
internal enum RecordKind : byte
{
    /// <summary>A signal of a decision whose propensity is unknown.</summary>
    DecisionSignal = 1,
    ObservedSignal = 2,
    DecisionsServed = 3,
    ForgetCampaign = 4,

    /// <summary>As <see cref="DecisionSignal"/>, with the propensity before the module keys.</summary>
    DecisionSignalWithPropensity = 5,

    /// <summary>As <see cref="DecisionSignalWithPropensity"/> (0 where it is unknown), with what its value earned before the module keys.</summary>
    DecisionSignalWithValue = 6,

    /// <summary>As <see cref="ObservedSignal"/>, with what its value earned before the module keys.</summary>
    ObservedSignalWithValue = 7,

    /// <summary>As <see cref="DecisionsServed"/>, of who decides under a lease: with issuer, number and end before the channel, so that it counts once.</summary>
    LeasedDecisionsServed = 8,

    /// <summary>As <see cref="DecisionSignalWithPropensity"/> (0 where it is unknown), by a beacon: what it earns waits for the decision's impression.</summary>
    Beacon = 9,

    /// <summary>As <see cref="Beacon"/>, of a source that sends more than is believed, or of a type that earns nothing.</summary>
    ExcessBeacon = 10,

    /// <summary>Takes what a segment's policy is fitted to back to a checkpoint; when it was asked for, and to which moment. No signal.</summary>
    RollBackPolicy = 11,
}
