using System.Collections.Immutable;

namespace Flywheel.Domain.Scoring.Readings;

/// <summary>What is known of one slot in one segment.</summary>
public sealed record SlotReading(string Id, ImmutableArray<ModuleReading> Modules)
{
    /// <summary>So much has to be known before it means anything that nothing stands out: a best module of sd 0.25 would by then.</summary>
    public const long KnownImpressions = 10_000;

    /// <summary>In units of the most a decision can earn.</summary>
    public const double KnownRewards = 300;

    public long Impressions => Modules.Sum(module => module.Impressions);

    /// <summary>
    /// True where there are several modules, enough is known (<see cref="KnownImpressions"/> and <see cref="KnownRewards"/>), and the interval of each holds 100.
    /// </summary>
    public bool NothingStandsOut =>
        Modules.Length > 1 && Impressions >= KnownImpressions && Modules.Sum(module => module.Rewards) >= KnownRewards
        && Modules.All(module => module.Resonance is { Low: <= 100, High: >= 100 });

    /// <summary>Every value of every attribute that some, but not all, of the modules have; by name, then value.</summary>
    public IEnumerable<AttributeReading> Attributes()
    {
        var found = new List<AttributeReading>();
        ImmutableArray<Learning.ModuleEstimate> estimates = [.. Modules.Select(module => module.Estimate)];
        var values = Modules.SelectMany(module => module.Attributes.Select(attribute => (attribute.Key, attribute.Value))).Distinct()
            .OrderBy(attribute => attribute.Key, StringComparer.Ordinal).ThenBy(attribute => attribute.Value, StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            var members = Enumerable.Range(0, Modules.Length).Where(i => Modules[i].Attributes.GetValueOrDefault(name) == value).ToArray();
            if (members.Length < Modules.Length)
                found.Add(new AttributeReading(
                    name, value, [.. members.Select(i => Modules[i].Id)], members.Sum(i => Modules[i].Impressions), ResonanceScale.Pooled(estimates, members)));
        }
        return found;
    }
}
