using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>What the history says of a document that was put.</summary>
public static class OwnerChanges
{
    /// <summary>That it was put, with the parts that changed; then each module that was added, changed or left out, in the order of the documents.</summary>
    /// <param name="previous">What was served before; null where there was nothing.</param>
    public static ImmutableArray<HistoryEntry> Of(PublishedCampaign? previous, PublishedCampaign next, DateTimeOffset now)
    {
        if (previous is null)
            return [new HistoryEntry(now, Lifecycle.Person, HistoryKind.Created)];
        var parts = Differences(previous.Campaign, next.Campaign);
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>();
        entries.Add(new HistoryEntry(now, Lifecycle.Person, HistoryKind.Replaced) { Comment = parts.Count == 0 ? "nothing changed" : $"changed {string.Join(", ", parts)}" });
        var (before, after) = (ModulesOf(previous), ModulesOf(next));
        foreach (var (key, (module, version)) in after)
        {
            var entry = new HistoryEntry(now, Lifecycle.Person, HistoryKind.Added)
            {
                Slot = key.Slot,
                Module = module.Id,
                Version = version,
                Writer = ProposalWriter.Person,
                Content = module,
            };
            if (!before.TryGetValue(key, out var earlier))
                entries.Add(entry);
            else if (earlier.Version != version || !earlier.Module.Attributes.SequenceEqual(module.Attributes))
                entries.Add(entry with { Kind = HistoryKind.Changed });
        }
        foreach (var (key, (module, version)) in before.Where(earlier => !after.ContainsKey(earlier.Key)))
            entries.Add(new HistoryEntry(now, Lifecycle.Person, HistoryKind.Retired) { Slot = key.Slot, Module = module.Id, Version = version, Comment = "left out of the document" });
        return entries.ToImmutable();
    }

    private static Dictionary<(string Slot, string Id), (Module Module, int Version)> ModulesOf(PublishedCampaign published) =>
        published.Campaign.Slots.Zip(published.Versions)
            .SelectMany(slot => slot.First.Modules.Zip(slot.Second, (module, version) => (Slot: slot.First.Id, Module: module, Version: version)))
            .ToDictionary(each => (each.Slot, each.Module.Id), each => (each.Module, each.Version));

    /// <summary>The members of the documents that differ.</summary>
    private static List<string> Differences(Campaign previous, Campaign next)
    {
        using JsonDocument before = Parse(previous), after = Parse(next);
        return [.. MembersOf(before).Union(MembersOf(after)).Where(name => Text(before, name) != Text(after, name))];

        static JsonDocument Parse(Campaign campaign) => JsonDocument.Parse(CampaignWriter.Write("campaign", campaign));
        static IEnumerable<string> MembersOf(JsonDocument document) => document.RootElement.EnumerateObject().Select(member => member.Name);
        static string? Text(JsonDocument document, string name) => document.RootElement.TryGetProperty(name, out var value) ? value.GetRawText() : null;
    }
}
