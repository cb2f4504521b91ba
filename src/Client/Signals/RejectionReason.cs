namespace Flywheel.Client;

/// <summary>Why a tracked signal will not be counted.</summary>
public enum RejectionReason
{
    /// <summary>The buffer was full, or the client disposed; the signal was never sent.</summary>
    Dropped,

    /// <summary>The engine refused the signal, or the whole request.</summary>
    Refused,

    /// <summary>The engine could not be reached in as many attempts as the options allow, or before the client was disposed.</summary>
    Abandoned,
}
