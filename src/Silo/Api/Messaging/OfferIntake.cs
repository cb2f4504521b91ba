using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Silo.Api.Messaging;

/// <summary>Takes a module that somebody proposes in words of their own, whichever way it comes.</summary>
internal static class OfferIntake
{
    /// <param name="campaign">Its key.</param>
    /// <param name="slot">The id of a slot, as the caller wrote it.</param>
    /// <param name="utf8">A document of <see cref="ModuleEditReader"/>.</param>
    /// <returns>What the campaign said; null where the document has errors, which come with it.</returns>
    public static async Task<(MessagingOutcome? Outcome, IReadOnlyList<FieldError> Errors)> TakeAsync(
        IGrainFactory grains, string campaign, string slot, ReadOnlyMemory<byte> utf8, ProposalWriter writer, CancellationToken cancellationToken)
    {
        if (await grains.GetGrain<ICampaignGrain>(campaign).DescribeAsync(cancellationToken) is not { Published: { } published })
            return (new MessagingOutcome(IsUnknown: true), []);
        if (published.Campaign.Slots.FirstOrDefault(each => each.Id == slot) is not { } place)
            return (new MessagingOutcome(Refusal.Missing($"slot: came \"{Problem.Shorten(slot)}\"; expected one of {string.Join(", ", published.Campaign.Slots.Select(each => each.Id))}")), []);
        if (!ModuleEditReader.TryRead(utf8, place, DecisionReader.MaxComment, out var module, out var errors))
            return (null, errors);
        // Not cancelled with the request: whoever hangs up now would not know whether it was taken.
        var offer = new OfferMessage(slot, module!.Content, module.Attributes, writer, module.Comment);
        return (await grains.GetGrain<IMessagingGrain>(campaign).OfferAsync(offer, CancellationToken.None), []);
    }
}
