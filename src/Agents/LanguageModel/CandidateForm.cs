using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.LanguageModel;

/// <summary>The form in which a model hands in candidates.</summary>
internal sealed class CandidateForm(WritingRequest request, SlotText slot)
{
    public const string Name = "candidates";

    private readonly AttributeVocabulary _vocabulary = new(request);

    public JsonObject Schema() => JsonSchemas.Object(new JsonObject
    {
        ["candidates"] = JsonSchemas.Array(JsonSchemas.Object(new JsonObject { ["text"] = JsonSchemas.Text(), ["attributes"] = _vocabulary.Schema() })),
    });

    /// <exception cref="ModelCallException">The answer has another form.</exception>
    public ImmutableArray<Candidate> Read(string answer) => StrictJson.Read(answer, root =>
    {
        var items = StrictJson.Items(StrictJson.Members(root, "answer", "candidates")[0], "candidates", 1, request.Candidates);
        return items.Select((item, i) => ReadCandidate(item, $"candidates[{i}]")).ToImmutableArray();
    });

    private Candidate ReadCandidate(JsonElement item, string path)
    {
        var members = StrictJson.Members(item, path, "text", "attributes");
        var text = StrictJson.Text(members[0], $"{path}.text", Limits.TextLength).Trim();
        var names = _vocabulary.Names.ToArray();
        var values = StrictJson.Members(members[1], $"{path}.attributes", names);
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var (name, value) in names.Zip(values).Where(pair => pair.Second.ValueKind != JsonValueKind.Null))
        {
            if (value.ValueKind != JsonValueKind.String || !_vocabulary.Holds(name, value.GetString()!))
                throw StrictJson.Malformed($"{path}.attributes has a value that is none of the schema's");
            attributes[name] = value.GetString()!;
        }
        return new Candidate(slot.ContentOf(text), attributes.ToImmutable());
    }
}
