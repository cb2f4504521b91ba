using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>One thing that happened to a campaign's messaging. Never changed once it is stored.</summary>
/// <param name="At">When.</param>
/// <param name="Actor"><c>person</c>, <c>agents</c> or <c>auto</c>.</param>
/// <param name="Kind">What.</param>
public sealed record HistoryEntry(DateTimeOffset At, string Actor, HistoryKind Kind)
{
    /// <summary>0, 1, 2, … within the campaign; the next free number is given when it is stored.</summary>
    public long Number { get; init; }

    /// <summary>The request for writing, <c>r-1</c>; null where it has nothing to do with one. So for every member below.</summary>
    public string? Request { get; init; }

    public string? Proposal { get; init; }
    public string? Slot { get; init; }
    public string? Module { get; init; }
    public string? Segment { get; init; }
    public int? Version { get; init; }

    /// <summary>The most of a segment's traffic that the module may take; 0 to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Who wrote the proposal.</summary>
    public ProposalWriter? Writer { get; init; }

    /// <summary>What a person said, or why it happened.</summary>
    public string? Comment { get; init; }

    public ImmutableArray<Figure> Evidence { get; init; } = [];

    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Why new messaging was asked for: the name of a <see cref="Messaging.Triggers.TriggerKind"/> in camel case; null unless it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trigger { get; init; }

    /// <summary>What is expected of it (<see cref="Messaging.Triggers.Trigger.Hypothesis"/>); null unless it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hypothesis { get; init; }

    /// <summary>What is to be written more of, or tried; null where anything goes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModuleAttribute? Wanted { get; init; }

    /// <summary>The campaign's brief as the writer was told it; null unless new messaging was asked for, and where its JSON is longer than <see cref="Campaigns.Limits.ContentBytes"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Campaigns.Brief? Brief { get; init; }

    /// <summary>The module as it was proposed or put, <see cref="Domain.Campaigns.Module"/> with its content; null for what is about no new content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Campaigns.Module? Content { get; init; }
}
