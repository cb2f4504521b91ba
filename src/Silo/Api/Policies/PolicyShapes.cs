using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Api.Policies;

/// <summary>What is sent of a policy, for the API's description; PolicySnapshotWriter writes it.</summary>
internal static class PolicyShapes
{
    /// <param name="Incarnation">Of the campaign, 16 hexadecimal digits; another one is another campaign of the same id.</param>
    /// <param name="AttributionWindow">In seconds.</param>
    /// <param name="Partitions">Of the signal log.</param>
    /// <param name="Prior">Serves the segments that have no policy of their own.</param>
    internal sealed record PolicyDocument(
        string Campaign,
        string Incarnation,
        DateTimeOffset AsOf,
        IReadOnlyList<string> Channels,
        [property: AllowedValues("live", "paused")] string Status,
        long AttributionWindow,
        int Partitions,
        IReadOnlyList<PolicySlot> Slots,
        FittedPolicy Prior,
        IReadOnlyList<PolicySegment> Segments)
    {
        /// <summary>Whose campaign it is; left out for <c>default</c>.</summary>
        public string? Tenant { get; init; }
    }

    internal sealed record PolicySlot(string Id, IReadOnlyList<PolicyModule> Modules);

    /// <param name="Key">What tokens call it, 16 hexadecimal digits.</param>
    internal sealed record PolicyModule(string Id, int Version, string Key, JsonObject Content);

    /// <param name="Policy">Its own; left out where the prior serves it.</param>
    internal sealed record PolicySegment(string Id, int Partition, JsonObject Match, FittedPolicy? Policy);

    /// <param name="Combinations">The distinct combinations, a byte a slot.</param>
    /// <param name="Entries">The place of each entry's combination: a byte each where there are at most 256, else two.</param>
    internal sealed record FittedPolicy(long PolicyVersion, DateTimeOffset FittedAt, double Control, double MinPropensity, bool IsFallback, byte[] Combinations, byte[] Entries);

    /// <summary>Some segments, for who has the rest.</summary>
    internal sealed record PolicyChange(string Campaign, string Incarnation, DateTimeOffset AsOf, IReadOnlyList<string> Channels, IReadOnlyList<ChangedSegment> Segments)
    {
        /// <summary>Whose campaign it is; left out for <c>default</c>.</summary>
        public string? Tenant { get; init; }
    }

    /// <param name="Policy">Its own; left out where the prior serves it.</param>
    internal sealed record ChangedSegment(string Id, FittedPolicy? Policy);

    /// <summary>What the stream sends: each member is the data of the events of its name.</summary>
    internal sealed record PolicyEvents
    {
        public PolicyDocument? Policy { get; init; }
        public PolicyChange? Segments { get; init; }
    }
}
