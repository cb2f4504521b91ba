namespace Flywheel.Agents.Writing;

/// <summary>Why a model gave no answer that can be used.</summary>
public enum FailureKind
{
    /// <summary>No whole answer came in time.</summary>
    Timeout,

    /// <summary>The endpoint would not (4xx, a redirect, a refusal of the model).</summary>
    Refused,

    /// <summary>As many calls as may wait were waiting already; nothing was sent.</summary>
    Busy,

    /// <summary>The endpoint has failed too often of late; nothing was sent.</summary>
    BrokenCircuit,

    /// <summary>An answer came and is not what was asked for.</summary>
    Malformed,

    /// <summary>The endpoint asks to come back later than is worth waiting for.</summary>
    RateLimited,

    /// <summary>No connection, or the endpoint failed (5xx).</summary>
    Unreachable,
}
