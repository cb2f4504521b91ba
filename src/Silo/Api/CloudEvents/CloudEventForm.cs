namespace Flywheel.Silo.Api.CloudEvents;

/// <summary>In which form a request brings signals.</summary>
internal enum CloudEventForm
{
    /// <summary>Signals as they are.</summary>
    None,

    /// <summary>A CloudEvent.</summary>
    Structured,

    /// <summary>An array of CloudEvents.</summary>
    Batch,

    /// <summary>One signal, whose event stands in the headers.</summary>
    Binary,
}
