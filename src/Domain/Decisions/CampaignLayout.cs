using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Effects;

namespace Flywheel.Domain.Decisions;

/// <summary>A published campaign, compiled for serving: everything a decision needs, and nothing that it would have to work out.</summary>
public sealed class CampaignLayout
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, ulong>> _keys;

    public CampaignLayout(PublishedCampaign published)
    {
        Published = published;
        Slots = [.. published.Campaign.Slots.Select((slot, s) => new ServedSlot(
            slot.Id, [.. slot.Modules.Select((module, m) => Serve(slot.Id, module, published.Versions[s][m]))]))];
        ModulesPerSlot = [.. Slots.Select(slot => slot.Modules.Length)];
        ModuleKeys = [.. Slots.Select(slot => slot.Modules.Select(module => module.Key).ToImmutableArray())];
        ModulePriors = [.. published.Campaign.Slots.Select((slot, s) => slot.Modules.Select((module, m) => PriorOf(slot.Id, module, published.Versions[s][m])).ToImmutableArray())];
        MaxShares = published.Eligibility is { IsUnbounded: false } eligibility
            ? [.. Slots.Select(slot => slot.Modules.Select(module => eligibility.MaxShareOf(slot.Id, module.Id)).ToImmutableArray())]
            : default;
        SegmentIds = [.. published.Campaign.SegmentIds()];
        Matcher = new SegmentMatcher([.. published.Campaign.Segments.Select(segment => segment.Match)]);
        _keys = Slots.ToFrozenDictionary(slot => slot.Id, slot => slot.Modules.ToFrozenDictionary(module => module.Id, module => module.Key));
    }

    public PublishedCampaign Published { get; }
    public ImmutableArray<ServedSlot> Slots { get; }
    public ImmutableArray<int> ModulesPerSlot { get; }
    public ImmutableArray<ImmutableArray<ulong>> ModuleKeys { get; }

    /// <summary>What each module may inherit from, by slot.</summary>
    public ImmutableArray<ImmutableArray<ModulePrior>> ModulePriors { get; }

    /// <summary>The most of all requests that each module may take, by slot; default where none is on trial or pinned.</summary>
    public ImmutableArray<ImmutableArray<double>> MaxShares { get; }

    /// <summary>All segments, <c>default</c> last.</summary>
    public ImmutableArray<string> SegmentIds { get; }

    public SegmentMatcher Matcher { get; }

    /// <summary>The slot's place in the document, or −1 where there is no such slot.</summary>
    public int IndexOfSlot(string slot) => Slots.IndexOf(Slots.FirstOrDefault(served => served.Id == slot)!);

    /// <summary>The key of the version now in force, or null where there is no such module.</summary>
    public ulong? KeyOf(string slot, string module) =>
        _keys.TryGetValue(slot, out var modules) && modules.TryGetValue(module, out var key) ? key : null;

    private static ModulePrior PriorOf(string slot, Module module, int version) => new(
        0,
        version > 1 ? PublishedCampaign.ModuleKey(slot, module.Id, version - 1) : 0,
        [.. module.Attributes.Select(attribute => Mixing.Of($"{attribute.Key}={attribute.Value}"))]);

    private static ServedModule Serve(string slot, Module module, int version)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonText.Compact))
        {
            json.WriteStartObject();
            json.WriteString("module", module.Id);
            json.WriteNumber("version", version);
            json.WritePropertyName("content");
            json.WriteRawValue(module.Content.Json, skipInputValidation: true);
            json.WriteEndObject();
        }
        return new ServedModule(module.Id, version, PublishedCampaign.ModuleKey(slot, module.Id, version), stream.ToArray());
    }
}
