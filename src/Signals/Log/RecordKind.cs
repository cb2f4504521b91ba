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
}
