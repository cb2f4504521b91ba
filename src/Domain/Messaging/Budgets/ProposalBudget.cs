using System.Collections.Immutable;
using Flywheel.Domain.Messaging.Triggers;

namespace Flywheel.Domain.Messaging.Budgets;

/// <summary>
/// What the agents of a campaign have spent today, and when each trigger was last acted upon. Immutable and pure; to be stored as plain
/// JSON. Days are those of UTC. A clock that goes back stays in the day that was reached.
/// </summary>
public sealed record ProposalBudget
{
    private const long DayMs = 86_400_000;

    public static readonly ProposalBudget Fresh = new();

    public BudgetLimits Limits { get; init; } = new();

    /// <summary>The one switch: while it is set nothing is granted, whoever asks.</summary>
    public bool IsStopped { get; init; }

    /// <summary>The day that the figures below are of, in days since 1970.</summary>
    public long Day { get; init; }

    public int Proposals { get; init; }

    /// <summary>Settled and reserved.</summary>
    public ModelCost Spent { get; init; }

    /// <summary>
    /// When each trigger was last acted upon, by its key, as Unix time in milliseconds. Those that have cooled down are dropped, so that
    /// there are at most the proposals of eight days.
    /// </summary>
    public ImmutableSortedDictionary<string, long> ActedMs { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Decides on a trigger, and takes a proposal and what it may cost off the day's budget where it is granted.</summary>
    /// <param name="most">The most that acting upon it may cost; see <see cref="Settle"/>.</param>
    /// <remarks>A person's request is not held back by the cool-down. It is by the budget and the switch.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A cost below 0.</exception>
    public (ProposalBudget Budget, BudgetVerdict Verdict) TryTake(DateTimeOffset now, Trigger trigger, ModelCost most = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most.Tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(most.MoneyMicros);
        var nowMs = now.ToUnixTimeMilliseconds();
        var budget = On(nowMs);
        var decision = budget.Decide(trigger, nowMs, most);
        if (decision != BudgetDecision.Granted)
            return (budget, new BudgetVerdict(decision, budget.Day, default, budget.RetryMs(decision, trigger)));
        var taken = budget with
        {
            Proposals = budget.Proposals + 1,
            Spent = new ModelCost(budget.Spent.Tokens + most.Tokens, budget.Spent.MoneyMicros + most.MoneyMicros),
            ActedMs = budget.ActedMs.SetItem(trigger.Key, nowMs),
        };
        return (taken, new BudgetVerdict(decision, budget.Day, most, null));
    }

    /// <summary>
    /// Replaces what was reserved by what it came to, on the same day; what was reserved on an earlier day stays with that day. To be called
    /// once for each grant, also where acting upon it failed.
    /// </summary>
    public ProposalBudget Settle(DateTimeOffset now, BudgetVerdict granted, ModelCost actual)
    {
        var budget = On(now.ToUnixTimeMilliseconds());
        return budget.Day != granted.Day || !granted.IsGranted
            ? budget
            : budget with
            {
                Spent = new ModelCost(
                    Math.Max(0, budget.Spent.Tokens - granted.Reserved.Tokens + actual.Tokens),
                    Math.Max(0, budget.Spent.MoneyMicros - granted.Reserved.MoneyMicros + actual.MoneyMicros)),
            };
    }

    private BudgetDecision Decide(Trigger trigger, long nowMs, ModelCost most) =>
        IsStopped ? BudgetDecision.Stopped
        : Proposals >= Limits.ProposalsPerDay ? BudgetDecision.NoProposalsLeft
        : Spent.Tokens + most.Tokens > Limits.TokensPerDay ? BudgetDecision.NoTokensLeft
        : Spent.MoneyMicros + most.MoneyMicros > Limits.MoneyMicrosPerDay ? BudgetDecision.NoMoneyLeft
        : trigger.Kind != TriggerKind.Asked && ActedMs.TryGetValue(trigger.Key, out var actedMs) && IsCooling(actedMs, nowMs) ? BudgetDecision.CoolingDown
        : BudgetDecision.Granted;

    private long? RetryMs(BudgetDecision decision, Trigger trigger) => decision switch
    {
        BudgetDecision.Stopped => null,
        BudgetDecision.CoolingDown => ActedMs[trigger.Key] + (long)Limits.CoolDown.TotalMilliseconds,
        _ => (Day + 1) * DayMs,
    };

    /// <summary>The budget as it is at a time: a new day begins with nothing spent.</summary>
    private ProposalBudget On(long nowMs)
    {
        var day = Math.Max(Day, (long)Math.Floor(nowMs / (double)DayMs));
        var budget = day == Day ? this : this with { Day = day, Proposals = 0, Spent = default };
        return budget with { ActedMs = ActedMs.RemoveRange(ActedMs.Where(acted => !IsCooling(acted.Value, nowMs)).Select(acted => acted.Key)) };
    }

    private bool IsCooling(long actedMs, long nowMs) => nowMs - actedMs < (long)Limits.CoolDown.TotalMilliseconds;
}
