using System.Text.Json.Serialization;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>What happened; in camel case in JSON.</summary>
[JsonConverter(typeof(CamelCaseNames<HistoryKind>))]
public enum HistoryKind
{
    /// <summary>The campaign was put for the first time.</summary>
    Created,

    /// <summary>The campaign's document was put again.</summary>
    Replaced,

    /// <summary>The campaign went live or was paused.</summary>
    Status,

    /// <summary>A module was stopped.</summary>
    Stopped,

    /// <summary>A module was resumed.</summary>
    Resumed,

    AgentsStopped,
    AgentsResumed,

    /// <summary>New messaging was asked for.</summary>
    Requested,

    /// <summary>A request brought nothing.</summary>
    Failed,

    /// <summary>A candidate became a proposal.</summary>
    Proposed,

    /// <summary>A guardrail refused a candidate.</summary>
    Blocked,

    /// <summary>A proposal went live.</summary>
    Approved,

    Rejected,

    /// <summary>A proposal was refused, and the writer asked again with a comment.</summary>
    Revised,

    /// <summary>A module on trial may take as much traffic as it earns.</summary>
    Promoted,

    /// <summary>A module made room, did no better than its slot without it, or was left out of a person's document.</summary>
    Retired,

    /// <summary>A module did harm and was taken back.</summary>
    RolledBack,

    /// <summary>A person's document brought a new module.</summary>
    Added,

    /// <summary>A person's document has other content or attributes for a module.</summary>
    Changed,

    /// <summary>A candidate that nothing blocked, beside a better one.</summary>
    PassedOver,

    /// <summary>A person rewrote a proposal that waits for a decision.</summary>
    Edited,

    /// <summary>A person took back that a proposal was refused: it waits for a decision again.</summary>
    Reopened,

    /// <summary>A slot was pinned to a module.</summary>
    Pinned,

    Unpinned,

    /// <summary>What policies are fitted to was taken back to an earlier moment.</summary>
    PolicyRolledBack,
}
