using System.Text.Json;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;

namespace Flywheel.Domain.Tests.Messaging.Budgets;

public sealed class ProposalBudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Trigger Faded = FadedIn("young-urban");

    [Fact]
    public void TryTake_FreshBudget_GrantsAndCounts()
    {
        var (budget, verdict) = ProposalBudget.Fresh.TryTake(Noon, Faded, new ModelCost(1_000, 20));

        Assert.Equal((BudgetDecision.Granted, new ModelCost(1_000, 20), null), (verdict.Decision, verdict.Reserved, verdict.RetryMs));
        Assert.Equal((1, new ModelCost(1_000, 20)), (budget.Proposals, budget.Spent));
    }

    [Fact]
    public void TryTake_SameTriggerWithinTheCoolDown_IsHeldBackUntilItHasPassed()
    {
        var budget = ProposalBudget.Fresh with { Limits = new BudgetLimits { CoolDown = TimeSpan.FromHours(1) } };
        (budget, _) = budget.TryTake(Noon, Faded);
        (budget, var early) = budget.TryTake(Noon.AddMinutes(59), Faded);
        (budget, var other) = budget.TryTake(Noon.AddMinutes(59), FadedIn("default"));
        (budget, var late) = budget.TryTake(Noon.AddHours(1), Faded);

        Assert.Equal((BudgetDecision.CoolingDown, Noon.AddHours(1).ToUnixTimeMilliseconds()), (early.Decision, early.RetryMs));
        Assert.True(other.IsGranted);
        Assert.True(late.IsGranted);
        Assert.Equal(3, budget.Proposals);
    }

    [Fact]
    public void TryTake_APersonAsks_PassesTheCoolDownButNotTheBudget()
    {
        var budget = ProposalBudget.Fresh with { Limits = new BudgetLimits { ProposalsPerDay = 2 } };
        (budget, var first) = budget.TryTake(Noon, Trigger.Asked("headline"));
        (budget, var second) = budget.TryTake(Noon, Trigger.Asked("headline"));
        (budget, var third) = budget.TryTake(Noon, Trigger.Asked("headline"));

        Assert.True(first.IsGranted && second.IsGranted);
        Assert.Equal(BudgetDecision.NoProposalsLeft, third.Decision);
        Assert.Equal(new DateTimeOffset(2026, 5, 5, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), third.RetryMs);
    }

    [Fact]
    public void TryTake_Stopped_GrantsNothingToAnyone()
    {
        var budget = ProposalBudget.Fresh with { IsStopped = true };

        foreach (var trigger in (Trigger[])[Faded, Trigger.Asked("headline")])
        {
            var (after, verdict) = budget.TryTake(Noon, trigger);
            Assert.Equal((BudgetDecision.Stopped, null), (verdict.Decision, verdict.RetryMs));
            Assert.Equal(0, after.Proposals);
        }
    }

    /// <summary>Midnight of UTC, whatever the offset of the time that is told.</summary>
    [Fact]
    public void TryTake_NewDayOfUtc_BeginsWithNothingSpent()
    {
        var budget = ProposalBudget.Fresh with { Limits = new BudgetLimits { ProposalsPerDay = 1 } };
        var evening = new DateTimeOffset(2026, 5, 5, 1, 59, 59, TimeSpan.FromHours(2));
        (budget, _) = budget.TryTake(evening, Faded);
        (budget, var before) = budget.TryTake(evening, FadedIn("default"));
        (budget, var after) = budget.TryTake(evening.AddSeconds(1), FadedIn("default"));

        Assert.Equal(BudgetDecision.NoProposalsLeft, before.Decision);
        Assert.True(after.IsGranted);
        Assert.Equal(1, budget.Proposals);
    }

    [Fact]
    public void TryTake_ClockGoesBack_DoesNotBeginTheDayAgain()
    {
        var budget = ProposalBudget.Fresh with { Limits = new BudgetLimits { ProposalsPerDay = 1 } };
        (budget, _) = budget.TryTake(Noon, Faded);
        var (_, verdict) = budget.TryTake(Noon.AddDays(-1), FadedIn("default"));

        Assert.Equal(BudgetDecision.NoProposalsLeft, verdict.Decision);
    }

    [Theory]
    [InlineData(1_001, 0, BudgetDecision.NoTokensLeft)]
    [InlineData(0, 501, BudgetDecision.NoMoneyLeft)]
    [InlineData(1_000, 500, BudgetDecision.Granted)]
    public void TryTake_MayCostSoMuch_IsRefusedWhereItCouldPassTheLimit(long tokens, long money, BudgetDecision decision)
    {
        var budget = ProposalBudget.Fresh with { Limits = new BudgetLimits { TokensPerDay = 1_000, MoneyMicrosPerDay = 500 } };

        Assert.Equal(decision, budget.TryTake(Noon, Trigger.Asked("headline"), new ModelCost(tokens, money)).Verdict.Decision);
    }

    [Fact]
    public void Settle_SameDay_GivesBackWhatWasNotSpent()
    {
        var (budget, verdict) = ProposalBudget.Fresh.TryTake(Noon, Faded, new ModelCost(1_000, 20));
        budget = budget.Settle(Noon.AddMinutes(1), verdict, new ModelCost(300, 5));

        Assert.Equal(new ModelCost(300, 5), budget.Spent);
    }

    [Fact]
    public void Settle_AfterMidnight_LeavesTheNewDayAlone()
    {
        var (budget, verdict) = ProposalBudget.Fresh.TryTake(Noon, Faded, new ModelCost(1_000, 20));
        budget = budget.Settle(Noon.AddDays(1), verdict, new ModelCost(300, 5));

        Assert.Equal(default, budget.Spent);
    }

    /// <summary>Never more than is allowed, whatever comes: 2,000 seeded triggers over ten days.</summary>
    [Fact]
    public void TryTake_AnySequence_KeepsToItsLimitsAndItsBounds()
    {
        var limits = new BudgetLimits { ProposalsPerDay = 7, TokensPerDay = 10_000, MoneyMicrosPerDay = 900, CoolDown = TimeSpan.FromDays(2) };
        var (budget, random, now) = (ProposalBudget.Fresh with { Limits = limits }, new Random(5), Noon);
        var granted = new Dictionary<long, int>();
        for (var i = 0; i < 2_000; i++)
        {
            now = now.AddSeconds(random.Next(864));
            var trigger = random.Next(10) == 0 ? Trigger.Asked("headline") : FadedIn($"s{random.Next(40)}");
            (budget, var verdict) = budget.TryTake(now, trigger, new ModelCost(random.Next(3_000), random.Next(300)));
            if (verdict.IsGranted)
                granted[verdict.Day] = granted.GetValueOrDefault(verdict.Day) + 1;
            if (verdict.IsGranted && random.Next(2) == 0)
                budget = budget.Settle(now, verdict, new ModelCost(random.Next((int)verdict.Reserved.Tokens + 1), 0));

            Assert.InRange(budget.Spent.Tokens, 0, limits.TokensPerDay);
            Assert.InRange(budget.Spent.MoneyMicros, 0, limits.MoneyMicrosPerDay);
            Assert.InRange(budget.ActedMs.Count, 0, 3 * limits.ProposalsPerDay);
        }

        Assert.InRange(granted.Count, 9, 12);
        Assert.All(granted.Values, each => Assert.InRange(each, 1, limits.ProposalsPerDay));
    }

    [Fact]
    public void Budget_StoredAsJson_ReadsBack()
    {
        var (budget, _) = (ProposalBudget.Fresh with { Limits = new BudgetLimits { ProposalsPerDay = 3 } }).TryTake(Noon, Faded, new ModelCost(10, 2));
        var read = JsonSerializer.Deserialize<ProposalBudget>(JsonSerializer.Serialize(budget))!;

        Assert.Equal(budget.ActedMs, read.ActedMs);
        Assert.Equal(budget with { ActedMs = read.ActedMs }, read);
    }

    [Fact]
    public void Limits_OfADocument_AreItsOwnAndDefaultsWhereItSetsNone()
    {
        var governance = new Domain.Campaigns.Governance { ProposalsPerDay = 3, TokensPerDay = 100_000_000, CostPerDay = 0.25, CoolDownMinutes = 10_080 };

        Assert.Equal(
            new BudgetLimits { ProposalsPerDay = 3, TokensPerDay = 100_000_000, MoneyMicrosPerDay = 250_000, CoolDown = TimeSpan.FromDays(7) }, BudgetLimits.Of(governance));
        Assert.Equal(new BudgetLimits(), BudgetLimits.Of(null));
        Assert.Equal(new BudgetLimits { ProposalsPerDay = 0 }, BudgetLimits.Of(new Domain.Campaigns.Governance { ProposalsPerDay = 0 }));
    }

    [Fact]
    public void Limits_OutOfRange_SayWhatIsAllowed()
    {
        Assert.Contains("0 to 1000", Assert.Throws<ArgumentOutOfRangeException>(() => new BudgetLimits { ProposalsPerDay = 1_001 }).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 7.00:00:00", Assert.Throws<ArgumentOutOfRangeException>(() => new BudgetLimits { CoolDown = TimeSpan.FromDays(8) }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ProposalBudget.Fresh.TryTake(Noon, Faded, new ModelCost(-1, 0)));
    }

    private static Trigger FadedIn(string segment) => new(TriggerKind.ModuleFaded, "headline") { Segment = segment, Module = "h1" };
}
