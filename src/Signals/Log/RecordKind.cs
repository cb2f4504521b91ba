namespace Flywheel.Signals;

/// <summary>What a record of the log says. Values are stored: never renumber.</summary>
internal enum RecordKind : byte
{
    DecisionSignal = 1,
    ObservedSignal = 2,
    DecisionsServed = 3,
    ForgetCampaign = 4,
}
