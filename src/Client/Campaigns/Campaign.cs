namespace Flywheel.Client;

/// <summary>A campaign document. A member left null is not written, and the engine's default holds.</summary>
public sealed record Campaign
{
    /// <value>Its id, in what the engine answers; where it is sent, that of the address.</value>
    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <value><c>live</c> or <c>paused</c>; a campaign that is not live decides nothing.</value>
    public string? Status { get; init; }

    public Brief? Brief { get; init; }

    /// <value>1 to 8 slots.</value>
    public required IReadOnlyList<Slot> Slots { get; init; }

    /// <value>At most 1,000; <c>default</c> is always there besides.</value>
    public IReadOnlyList<Segment>? Segments { get; init; }

    /// <value>What each signal type earns; the key <c>cap</c> holds the most that one decision can earn.</value>
    public IReadOnlyDictionary<string, Reward>? Rewards { get; init; }

    public Policy? Policy { get; init; }
    public Governance? Governance { get; init; }

    /// <value>How it is offered to exchanges; null where it is not.</value>
    public DeliveryTerms? Delivery { get; init; }

    /// <value>True where the audience is simulated.</value>
    public bool? Simulation { get; init; }
}
