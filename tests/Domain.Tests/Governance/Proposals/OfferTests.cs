using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Domain.Tests.Governance.Proposals;

/// <summary>Modules that somebody proposes in words of their own.</summary>
public sealed class OfferTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ProposalWriter.Person, "person", "a person proposed it")]
    [InlineData(ProposalWriter.Model, "agents", "an agent proposed it")]
    public void Offer_GoodText_WaitsAndIsTold(ProposalWriter writer, string actor, string reason)
    {
        var step = Offer(MessagingState.Empty, "Shoes that feel like home", writer);

        Assert.Null(step.Refusal);
        Assert.Equal(("p-1", ProposalStatus.Pending, writer, "h3", reason), (step.Proposal!.Id, step.Proposal.Status, step.Proposal.Writer, step.Proposal.Module.Id, step.Proposal.Reason));
        Assert.Equal([step.Proposal], step.State.Proposals);
        var entry = Assert.Single(step.State.History);
        Assert.Equal((HistoryKind.Proposed, actor, "p-1", null), (entry.Kind, entry.Actor, entry.Proposal, entry.Request));
        Assert.Equal(Text("Shoes that feel like home"), entry.Content!.Content);
        Assert.Null(Lifecycle.CheckApproval(step.State, "p-1", Document()));
    }

    [Fact]
    public void Offer_WithAComment_HasItAsItsReason() =>
        Assert.Equal("h1 fades", Offer(MessagingState.Empty, "Shoes that feel like home", comment: "h1 fades").Proposal!.Reason);

    [Fact]
    public void Offer_BeyondTheProposalsOfTheDay_IsAConflict()
    {
        var document = Document("""{"proposalsPerDay":1}""");
        var first = Offer(MessagingState.Empty, "Shoes that feel like home", document: document).State;

        var second = Offer(first, "Feet on holiday", document: document);

        Assert.Contains("proposals of the day are used up", second.Refusal!.Text, StringComparison.Ordinal);
        Assert.Same(first, second.State);
    }

    [Theory]
    [InlineData("Comfort guaranteed", "guaranteed")]
    [InlineData("Run lighter", "duplicate")]
    [InlineData("See https://example.com", "markup")]
    public void Offer_WhatAGuardrailBlocks_ChangesNothing(string text, string why)
    {
        var step = Offer(MessagingState.Empty, text);

        Assert.Equal("content", step.Refusal!.Error!.Field);
        Assert.Contains(why, step.Refusal.Text, StringComparison.Ordinal);
        Assert.Same(MessagingState.Empty, step.State);
    }

    [Fact]
    public void Offer_WhatWaitsAlready_IsADuplicate()
    {
        var first = Offer(MessagingState.Empty, "Shoes that feel like home").State;

        Assert.Contains("duplicate", Offer(first, "Shoes that feel like home").Refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Offer_WhileTheAgentsAreStopped_IsAConflict() =>
        Assert.Contains("agents of this campaign are stopped", Offer(Lifecycle.Switch(MessagingState.Empty, true, Now).State, "Shoes that feel like home").Refusal!.Text, StringComparison.Ordinal);

    [Fact]
    public void Offer_ModeOff_IsAConflict() =>
        Assert.Contains("governance.mode is off", Offer(MessagingState.Empty, "Shoes that feel like home", document: Document("""{"mode":"off"}""")).Refusal!.Text, StringComparison.Ordinal);

    [Fact]
    public void Offer_UnknownSlot_IsMissing() =>
        Assert.True(Lifecycle.Offer(MessagingState.Empty, Document(), Eligibility.All, "sound", Draft("Shoes that feel like home"), ProposalWriter.Model, null, Now).Refusal!.IsMissing);

    private static Transition Offer(MessagingState state, string text, ProposalWriter writer = ProposalWriter.Model, string? comment = null, Campaign? document = null) =>
        Lifecycle.Offer(state, document ?? Document(), Eligibility.All, "headline", Draft(text), writer, comment, Now);

    private static Draft Draft(string text) => new(Text(text), ImmutableSortedDictionary<string, string>.Empty);

    private static ModuleContent Text(string text) => ModuleContent.From(JsonSerializer.SerializeToElement(new { text }));

    private static Campaign Document(string governance = "{}") => CampaignReader.Read(
        "spring",
        Encoding.UTF8.GetBytes($$"""
            { "brief": { "language": "en", "neverSay": ["guaranteed"] }, "governance": {{governance}},
              "slots": [ { "id": "headline", "kind": "text", "modules": [ { "id": "h1", "content": { "text": "Run lighter" } }, { "id": "h2", "content": { "text": "What your knees wish you knew" } } ] } ] }
            """),
        out _)!;
}
