using System.Collections.Immutable;
using System.Globalization;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Ids of new modules: <c>h5</c> where the slot has <c>h1</c> to <c>h4</c>.</summary>
internal static class ModuleIds
{
    private const int LongestPrefix = 40;

    /// <summary>The letters of the slot's first module, or the slot's first letter, with a number above all that are or were there.</summary>
    public static string Next(Slot slot, Eligibility eligibility, ImmutableArray<Proposal> proposals)
    {
        var prefix = slot.Modules[0].Id.TrimEnd("0123456789".ToCharArray()) is { Length: > 0 and <= LongestPrefix } letters ? letters : slot.Id[..1];
        var taken = slot.Modules.Select(module => module.Id)
            .Concat(eligibility.Stopped.Where(stopped => stopped.Slot == slot.Id).Select(stopped => stopped.Module.Id))
            .Concat(proposals.Where(proposal => proposal.Slot == slot.Id).Select(proposal => proposal.Module.Id));
        var highest = taken.Max(id => id.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(id.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? number : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{highest + 1}");
    }
}
