using System.Collections.Immutable;

namespace Flywheel.Domain.Scoring.Readings;

/// <summary>What is known of the modules of a slot that share a value of an attribute.</summary>
/// <param name="Name">The attribute: <c>angle</c>.</param>
/// <param name="Value">Its value: <c>curiosity</c>.</param>
/// <param name="Modules">Ids of the modules that have it.</param>
/// <param name="Impressions">Of all of them.</param>
/// <param name="Resonance">Of a module as good as they are on average, weighed by what is known of each; 100 is the slot's average.</param>
public sealed record AttributeReading(string Name, string Value, ImmutableArray<string> Modules, long Impressions, Interval Resonance)
{
    /// <summary>Few modules have a value while no more than this do.</summary>
    public const int FewModules = 2;

    /// <summary>The whole interval is over 100.</summary>
    public bool Resonates => Resonance.Low > 100;

    /// <summary>Resonates, and few modules have it: more should be written.</summary>
    public bool IsWorthMore => Resonates && Modules.Length <= FewModules;
}
