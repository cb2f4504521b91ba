namespace Flywheel.Client;

/// <summary>Something that happened after a decision, or around what another system served.</summary>
public sealed record Signal
{
    /// <value><c>impression</c>, or a type that the campaign rewards.</value>
    public required string Type { get; init; }

    /// <value>The decision it is about; null for what another system served.</value>
    public string? DecisionId { get; init; }

    /// <value>Tells one event from another: without it, a type counts once a decision.</value>
    public string? Id { get; init; }

    /// <value>What it was worth, finite.</value>
    public double? Value
    {
        get;
        init => field = value is null || double.IsFinite(value.Value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A signal's value must be finite.");
    }

    /// <value>When it happened; null is when the engine receives it.</value>
    public DateTimeOffset? Time { get; init; }

    public string? Campaign { get; init; }
    public string? Segment { get; init; }

    /// <value>The module that was served in each slot, by slot id.</value>
    public IReadOnlyDictionary<string, string>? Modules { get; init; }

    /// <value>How many events this one stands for.</value>
    public long? Count { get; init; }

    public string? Channel { get; init; }

    public static Signal Impression(string decisionId) => new() { Type = "impression", DecisionId = decisionId };

    public static Signal Click(string decisionId) => new() { Type = "click", DecisionId = decisionId };

    /// <param name="decisionId">The decision it is about.</param>
    /// <param name="id">The order's number or the like: each id counts once.</param>
    /// <param name="value">What it was worth, finite.</param>
    public static Signal Conversion(string decisionId, string id, double? value = null) =>
        new() { Type = "conversion", DecisionId = decisionId, Id = id, Value = value };

    /// <summary>What another system served. It shows in the scores as observed and never enters the randomised estimate.</summary>
    /// <param name="id">Each id counts once.</param>
    /// <param name="type"><c>impression</c>, or a type that the campaign rewards.</param>
    /// <param name="campaign">The campaign.</param>
    /// <param name="segment">The segment, such as <c>default</c>.</param>
    /// <param name="modules">The module that was served in each slot, by slot id.</param>
    /// <param name="count">How many events this one stands for, at least 1.</param>
    /// <param name="channel">Where it was served.</param>
    public static Signal Observed(
        string id,
        string type,
        string campaign,
        string segment,
        IReadOnlyDictionary<string, string> modules,
        long count = 1,
        string? channel = null) =>
        new() { Id = id, Type = type, Campaign = campaign, Segment = segment, Modules = modules, Count = count, Channel = channel };
}
