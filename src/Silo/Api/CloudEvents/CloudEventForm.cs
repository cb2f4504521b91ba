namespace Flywheel.Silo.Api.CloudEvents;

/// <summary>In which form a request brings signals.</summary>
internal enum CloudEventForm
{
    /// <summary>Signals as they are.</summary>
    None,

    /// <summary>Each is a CloudEvent: one, or a batch of them.</summary>
    Structured,

    /// <summary>One signal, whose event stands in the headers.</summary>
    Binary,
}
