using System.Text.Json.Serialization;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Domain.Webhooks;

/// <summary>What became of an attempt; in camel case in JSON.</summary>
[JsonConverter(typeof(CamelCaseNames<DeliveryOutcome>))]
public enum DeliveryOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>It answered something else; a redirect, too.</summary>
    Failed,

    /// <summary>It answered 410: it wants nothing any more.</summary>
    Gone,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>There is no such name, nobody listens, or the connection broke.</summary>
    Unreachable,

    /// <summary>The address may not be spoken to: it is private.</summary>
    Forbidden,

    /// <summary>It was not tried: too many newer ones wait.</summary>
    Overflowed,
}
