using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>A module that somebody would like a slot to serve, and what became of that.</summary>
public sealed record Proposal
{
    /// <summary><c>p-1</c>, <c>p-2</c>, …; never given twice within a life of the campaign.</summary>
    public required string Id { get; init; }

    public required string Slot { get; init; }

    public ProposalStatus Status { get; init; }

    public ProposalWriter Writer { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>With an id that no module of the slot has.</summary>
    public required Module Module { get; init; }

    /// <summary>How often a person has rewritten it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Edits { get; init; }

    /// <summary>Names what it says now: 1, and one more each time that a person rewrites it.</summary>
    [JsonIgnore]
    public int Revision => Edits + 1;

    /// <summary>The module it was written to take over from; null for none. Approval does not take that one out.</summary>
    public string? Replaces { get; init; }

    /// <summary>Why it was written, as one clause without a full stop.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is expected of it, as one clause without a full stop; null where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hypothesis { get; init; }

    /// <summary>Where the reason was seen; null where it is about all.</summary>
    public string? Segment { get; init; }

    public ImmutableArray<Figure> Evidence { get; init; } = [];

    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The request it answers, <c>r-1</c>.</summary>
    public string? Request { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary><c>person</c> or <c>auto</c>; null until it is decided.</summary>
    public string? DecidedBy { get; init; }

    public string? Comment { get; init; }

    /// <summary>True where it was refused to have it written differently: then what resembles it is welcome.</summary>
    public bool IsRevised { get; init; }

    /// <summary>The version that its module is served as; null unless it went live.</summary>
    public int? Version { get; init; }

    /// <summary>The most of a segment's traffic that its module may take on trial; null unless it went live.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Share { get; init; }

    /// <summary>What became of its module; null while it is on trial, and unless it went live.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProposalOutcome? Outcome { get; init; }

    /// <summary>True where nothing can happen to it any more.</summary>
    [JsonIgnore]
    public bool IsOver => Status is not (ProposalStatus.Pending or ProposalStatus.Live);
}
