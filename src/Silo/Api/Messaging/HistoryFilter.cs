using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Silo.Api.Messaging;

/// <summary>Which entries of a history are asked for; a member that is null asks for all.</summary>
internal sealed record HistoryFilter(HistoryKind? Kind, string? Actor, string? Slot, string? Module, DateTimeOffset? From, DateTimeOffset? To)
{
    public static readonly HistoryFilter None = new(null, null, null, null, null, null);

    private static readonly Dictionary<string, HistoryKind> Kinds = Enum.GetValues<HistoryKind>().ToDictionary(MessagingWriter.NameOf);

    public static IReadOnlyCollection<string> KindNames => Kinds.Keys;

    public static HistoryFilter Read(QueryReader query) => new(
        query.OneOf("kind", Kinds.Keys) is { } kind && Kinds.TryGetValue(kind, out var known) ? known : null,
        query.OneOf("actor", [Lifecycle.Person, Lifecycle.Agents, Lifecycle.Auto]),
        query.Text("slot"),
        query.Text("module"),
        query.Time("from"),
        query.Time("to"));

    public bool Holds(HistoryEntry entry) =>
        (Kind is null || entry.Kind == Kind) && (Actor is null || entry.Actor == Actor) && (Slot is null || entry.Slot == Slot) && (Module is null || entry.Module == Module)
        && (From is null || entry.At >= From) && (To is null || entry.At <= To);
}
