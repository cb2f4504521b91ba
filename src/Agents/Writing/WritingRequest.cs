using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Writing;

/// <summary>
/// All that a writer is told: what people wrote (the campaign's brief and slot, a comment), and of the evidence nothing but numbers, enums,
/// ids and attributes of modules. There is no member that could hold the text of a signal.
/// </summary>
/// <exception cref="ArgumentException">A member is out of the bounds that it states.</exception>
public sealed record WritingRequest
{
    public const int MaxCandidates = 8;
    public const int MaxComment = 1_000;
    public const int MaxFigures = 128;
    public const int MaxSpent = 1_024;

    private const int MaxAttributeValue = 200;

    /// <summary>What is to be said and what is not; null where the campaign has none.</summary>
    public Brief? Brief { get; init; }

    /// <summary>Where it will stand, with the modules that are there.</summary>
    public required Slot Slot { get; init; }

    public required MessageLanguage Language { get; init; }

    /// <value>Candidates wanted; 1 to <see cref="MaxCandidates"/>, 3 by default.</value>
    public int Candidates
    {
        get;
        init => field = value is >= 1 and <= MaxCandidates ? value : throw Wrong($"{value}", $"1 to {MaxCandidates}");
    } = 3;

    /// <summary>Attributes that candidates should have, for instance <c>angle</c> = <c>question</c>; at most 16.</summary>
    public ImmutableSortedDictionary<string, string> Wanted
    {
        get;
        init
        {
            if (value.Count > Limits.AttributesPerModule)
                throw Wrong($"{value.Count} attributes", $"at most {Limits.AttributesPerModule}");
            foreach (var (name, wanted) in value)
                CheckAttribute(name, wanted);
            field = value;
        }
    } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What resonates; at most <see cref="MaxFigures"/>.</summary>
    public ImmutableArray<AttributeResonance> Resonating
    {
        get;
        init
        {
            CheckCount(value.Length, MaxFigures);
            foreach (var figure in value)
                CheckAttribute(figure.Name, figure.Value);
            field = value;
        }
    } = [];

    /// <summary>How the slot's modules stand; at most <see cref="MaxFigures"/>.</summary>
    public ImmutableArray<ModuleResonance> Scores
    {
        get;
        init
        {
            CheckCount(value.Length, MaxFigures);
            foreach (var figure in value)
                CheckId(figure.Module);
            field = value;
        }
    } = [];

    public WritingReason Reason { get; init; }

    /// <summary>Id of the module that the new one is to replace, or that is to be revised; null for none.</summary>
    public string? Replaces
    {
        get;
        init
        {
            if (value is not null)
                CheckId(value);
            field = value;
        }
    }

    /// <summary>What a person said of an earlier proposal; null for none, at most <see cref="MaxComment"/> characters.</summary>
    public string? Comment
    {
        get;
        init => field = value is null || value.Length <= MaxComment ? value : throw Wrong($"{value.Length} characters", $"at most {MaxComment}");
    }

    /// <summary><see cref="ModuleContent.Hash"/> of what was proposed before and is not to come again; at most <see cref="MaxSpent"/>.</summary>
    public ImmutableHashSet<ulong> Spent
    {
        get;
        init
        {
            CheckCount(value.Count, MaxSpent);
            field = value;
        }
    } = [];

    /// <summary>The same request with the same seed is answered alike by the offline writer.</summary>
    public ulong Seed { get; init; }

    private static void CheckAttribute(string name, string value, [CallerMemberName] string member = "")
    {
        if (name.Length is 0 or > Limits.IdLength)
            throw Wrong($"an attribute name of {name.Length} characters", $"1 to {Limits.IdLength}", member);
        if (value.Length > MaxAttributeValue)
            throw Wrong($"{name} with {value.Length} characters", $"at most {MaxAttributeValue}", member);
    }

    private static void CheckId(string id, [CallerMemberName] string member = "")
    {
        if (!Ids.IsValid(id))
            throw Wrong("what is no id", Ids.Pattern, member);
    }

    private static void CheckCount(int count, int most, [CallerMemberName] string member = "")
    {
        if (count > most)
            throw Wrong($"{count} items", $"at most {most}", member);
    }

    private static ArgumentException Wrong(string came, string expected, [CallerMemberName] string member = "") => new($"{member}: came {came}; expected {expected}.", member);
}
