using System.Text.Json.Serialization;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Where a proposal stands; <c>pending</c>, <c>rolledBack</c> and so on in JSON.</summary>
[JsonConverter(typeof(CamelCaseNames<ProposalStatus>))]
public enum ProposalStatus
{
    /// <summary>Waits for a decision.</summary>
    Pending,

    /// <summary>Approved: its module is served.</summary>
    Live,

    /// <summary>A person refused it, or wanted it done differently.</summary>
    Rejected,

    /// <summary>A guardrail refused it.</summary>
    Blocked,

    /// <summary>Its module was served and made room.</summary>
    Retired,

    /// <summary>Its module was served and did harm.</summary>
    RolledBack,
}
