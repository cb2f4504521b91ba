using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Flywheel.Agents.Offline;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// The attributes that a model may give a candidate: those that the campaign knows, so that new modules lend and borrow evidence, and so
/// that no text of the model's own gets in by this way.
/// </summary>
internal sealed class AttributeVocabulary
{
    private const int MaxValues = 32;

    private readonly ImmutableSortedDictionary<string, ImmutableSortedSet<string>> _values;

    /// <summary>What is wanted first, so that the bounds never cut it off. Angles that the campaign has no word for go by their usual names.</summary>
    public AttributeVocabulary(WritingRequest request)
    {
        var known = request.Wanted.Select(pair => (Name: pair.Key, pair.Value))
            .Concat(request.Resonating.Select(figure => (figure.Name, figure.Value)))
            .Concat(request.Slot.Modules.SelectMany(module => module.Attributes).Select(pair => (Name: pair.Key, pair.Value)))
            .ToLookup(pair => pair.Name, pair => pair.Value);
        var names = known.Select(values => values.Key).Prepend(AttributeNames.Angle).Distinct(StringComparer.Ordinal).Take(Limits.AttributesPerModule);
        _values = names.ToImmutableSortedDictionary(
            name => name,
            name => known[name].Concat(name == AttributeNames.Angle ? UnnamedAngles(known[name]) : []).Distinct(StringComparer.Ordinal).Take(MaxValues).ToImmutableSortedSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => _values.Keys;

    public bool Holds(string name, string value) => _values.TryGetValue(name, out var values) && values.Contains(value);

    /// <summary>The schema of a candidate's attributes: each one of its values, or null.</summary>
    public JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var (name, values) in _values)
            properties[name] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value)), null]) };
        return JsonSchemas.Object(properties);
    }

    private static IEnumerable<string> UnnamedAngles(IEnumerable<string> named) =>
        Enum.GetValues<Angle>().Where(angle => angle != Angle.Invitation && named.All(name => Vocabulary.AngleOf(name) != angle)).Select(angle => angle.ToString().ToLowerInvariant());
}
