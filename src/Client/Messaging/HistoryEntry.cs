using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>Who or what changed what, when, on which evidence.</summary>
/// <param name="Number">Its place in the campaign's history, from 0.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who or what.</param>
/// <param name="Kind">What happened. More kinds may come.</param>
public sealed record HistoryEntry(long Number, DateTimeOffset At, string Actor, string Kind)
{
    public string? Request { get; init; }
    public string? Proposal { get; init; }
    public string? Slot { get; init; }
    public string? Module { get; init; }
    public string? Segment { get; init; }
    public int? Version { get; init; }

    /// <value>The share of decisions that a module on trial may take from then on, 0 to 1.</value>
    public double? Share { get; init; }

    [AllowedValues("offline", "model", "person")]
    public string? Writer { get; init; }

    public string? Comment { get; init; }

    /// <value>The content that was written or put in force.</value>
    [JsonConverter(typeof(ContentConverter))]
    public IReadOnlyDictionary<string, string>? Content { get; init; }

    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <value>Why new messaging was asked for.</value>
    public string? Trigger { get; init; }

    /// <value>What is expected of new messaging, in a clause.</value>
    public string? Hypothesis { get; init; }

    /// <value>The attribute that is to be written more of, or tried.</value>
    public IReadOnlyDictionary<string, string>? Wanted { get; init; }

    /// <value>The campaign's brief as the writer was told it.</value>
    public Brief? Brief { get; init; }

    /// <value>The figures it stands on; one called <c>kept</c> comes with <c>keptLow</c>, <c>keptHigh</c> and <c>keptN</c>.</value>
    public IReadOnlyDictionary<string, double>? Evidence { get; init; }

    public IReadOnlyList<Finding>? Findings { get; init; }
}
