namespace Flywheel.Signals;

/// <summary>Who says that a signal happened.</summary>
public enum SignalOrigin
{
    /// <summary>A caller of the API.</summary>
    Caller,

    /// <summary>Anybody's browser, which holds no more than the decision's token.</summary>
    Beacon,

    /// <summary>A source that has sent more beacons in a minute than is believed, or one of a type that earns nothing.</summary>
    ExcessBeacon,
}
