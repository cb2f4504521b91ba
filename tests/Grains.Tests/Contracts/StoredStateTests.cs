using System.Text;
using System.Text.Json;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Webhooks;

namespace Flywheel.Grains.Tests.Contracts;

/// <summary>What grains of messaging store stays as it is: golden files hold what a release writes, and are never regenerated.</summary>
public sealed class StoredStateTests
{
    public static TheoryData<string> Names => StoredStates.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_OfEachState_IsTheGoldenFile(string name) => Assert.Equal(Golden(name), Write(StoredStates.All[name]));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfTheGoldenFile_IsTheSameState(string name) =>
        Assert.Equal(Golden(name), Write(JsonSerializer.Deserialize(Golden(name), StoredStates.All[name].GetType())!));

    /// <summary>As a release wrote it that had no such members yet.</summary>
    [Fact]
    public void Read_MessagingOfAnEarlierRelease_TakesTheDefaults()
    {
        var read = JsonSerializer.Deserialize<MessagingState>("""{"Incarnation":7,"Proposals":[{"Id":"p-1","Slot":"headline","Status":"live","Module":{"Id":"h3"}}],"History":[{"At":"2026-05-04T10:00:00+00:00","Actor":"person","Kind":"created"}]}""")!;

        Assert.Equal((0, null, null), (read.Told, read.Proposals[0].Share, read.Proposals[0].Outcome));
        Assert.Equal((HistoryKind.Created, null, null), (read.History[0].Kind, read.History[0].Trigger, read.History[0].Brief));
    }

    /// <summary>These are stored or sent as numbers: none may move.</summary>
    [Fact]
    public void EnumsThatAreNumbers_KeepThem()
    {
        Assert.Equal(["Asked", "ModuleFaded", "NothingStandsOut", "AttributeResonates", "AttributeUntried"], Enum.GetNames<TriggerKind>());
        Assert.Equal(["Granted", "Stopped", "CoolingDown", "NoProposalsLeft", "NoTokensLeft", "NoMoneyLeft"], Enum.GetNames<BudgetDecision>());
        Assert.Equal(["Continue", "Promote", "Retire", "RollBack"], Enum.GetNames<TrialVerdict>());
        Assert.Equal(["Add", "Promote", "Retire", "Stop", "Resume", "Pin", "Unpin"], Enum.GetNames<AmendmentKind>());
        Assert.Equal([0, 1, 2, 3, 4], Enum.GetValues<TriggerKind>().Select(value => (int)value));
        Assert.Equal([0, 1, 2, 3, 4, 5], Enum.GetValues<BudgetDecision>().Select(value => (int)value));
        Assert.Equal([0, 1, 2, 3], Enum.GetValues<TrialVerdict>().Select(value => (int)value));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enum.GetValues<AmendmentKind>().Select(value => (int)value));
    }

    /// <summary>These are stored by name: none may be called otherwise.</summary>
    [Fact]
    public void EnumsThatAreNames_KeepThem()
    {
        Assert.Equal("""["pending","live","rejected","blocked","retired","rolledBack"]""", Write(Enum.GetValues<ProposalStatus>()));
        Assert.Equal("""["offline","model","person"]""", Write(Enum.GetValues<ProposalWriter>()));
        Assert.Equal("""["delivered","failed","gone","timedOut","unreachable","forbidden","overflowed"]""", Write(Enum.GetValues<DeliveryOutcome>()));
        Assert.Equal("""["info","warning","block"]""", Write(Enum.GetValues<FindingSeverity>()));
        Assert.Equal(
            """["created","replaced","status","stopped","resumed","agentsStopped","agentsResumed","requested","failed","proposed","blocked","approved","rejected","revised","promoted","retired","rolledBack","added","changed","passedOver","edited","reopened","pinned","unpinned","policyRolledBack"]""",
            Write(Enum.GetValues<HistoryKind>()));
    }

    private static string Write(object state) => JsonSerializer.Serialize(state, state.GetType());

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contracts", $"{name}.golden"), Encoding.UTF8).TrimEnd();
}
