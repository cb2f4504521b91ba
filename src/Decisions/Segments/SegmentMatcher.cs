using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>
/// Finds the segment of a request: the first one all of whose conditions hold. Reads only those members of the context that
/// a rule names, and the <c>channel</c>. Tries only the rules that ask for a value which the context has, and those that ask for no
/// value in particular: of a thousand audiences by name it tries one.
/// </summary>
public sealed class SegmentMatcher
{
    private const string ChannelMember = "channel";

    private readonly string[] _members;
    private readonly FrozenDictionary<(int Member, ConditionValue Value), Rule[]> _byValue;
    private readonly Rule[] _others;

    /// <param name="matches">The conditions of each segment, in the order in which they are tried; one without any is only reached by naming it.</param>
    public SegmentMatcher(IReadOnlyList<ImmutableArray<SegmentCondition>> matches)
    {
        _members = [ChannelMember, .. matches.SelectMany(match => match).Select(condition => condition.Member).Distinct().Where(name => name != ChannelMember)];
        var places = _members.Select((name, place) => (name, place)).ToDictionary(member => member.name, member => member.place, StringComparer.Ordinal);
        var rules = matches
            .Select((match, index) => new Rule(index, [.. match.Select(condition => (places[condition.Member], condition))]))
            .Where(rule => rule.Conditions.Length > 0)
            .ToList();
        var rarity = rules.SelectMany(rule => rule.Values()).CountBy(value => value).ToDictionary();
        var keyed = rules.Select(rule => (Rule: rule, Key: rule.RarestOf(rarity))).ToList();
        _others = [.. keyed.Where(rule => rule.Key is null).Select(rule => rule.Rule)];
        _byValue = keyed
            .SelectMany(rule => (rule.Key ?? []).Select(value => (value, rule.Rule)))
            .GroupBy(pair => pair.value, pair => pair.Rule)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    /// <param name="context">The context as UTF-8 JSON: an object, or empty for none.</param>
    /// <param name="channel">The context's channel where it is text, else null.</param>
    /// <returns>The index of the segment in the order they are tried, or −1 for <c>default</c>.</returns>
    /// <exception cref="JsonException">The context is no JSON.</exception>
    public int Match(ReadOnlySpan<byte> context, out string? channel)
    {
        channel = null;
        if (context.IsEmpty)
            return -1;
        var values = new ConditionValue?[_members.Length];
        ReadMembers(context, values);
        channel = values[0]?.Text;
        var first = FirstOf(_others, values, int.MaxValue);
        for (var member = 0; member < values.Length; member++)
        {
            if (values[member] is { } value && _byValue.TryGetValue((member, value), out var rules))
                first = FirstOf(rules, values, first);
        }
        return first == int.MaxValue ? -1 : first;
    }

    /// <summary>The first segment of these whose conditions hold, where it comes before that one.</summary>
    private static int FirstOf(Rule[] rules, ConditionValue?[] values, int before)
    {
        foreach (var rule in rules)
        {
            if (rule.Segment >= before)
                break;
            if (rule.Holds(values))
                return rule.Segment;
        }
        return before;
    }

    /// <summary>The context's channel alone, for who knows the segment; null where there is none that is text.</summary>
    /// <exception cref="JsonException">The context is no JSON.</exception>
    public string? ChannelOf(ReadOnlySpan<byte> context)
    {
        if (context.IsEmpty)
            return null;
        var channel = new ConditionValue?[1];
        ReadMembers(context, channel);
        return channel[0]?.Text;
    }

    /// <summary>Reads as many of the members as there is room for.</summary>
    private void ReadMembers(ReadOnlySpan<byte> context, ConditionValue?[] values)
    {
        var reader = new Utf8JsonReader(context);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = IndexOf(ref reader, values.Length);
            reader.Read();
            if (member >= 0)
                values[member] = ReadValue(ref reader);
            reader.Skip();
        }
    }

    private int IndexOf(ref Utf8JsonReader reader, int among)
    {
        try
        {
            for (var i = 0; i < among; i++)
            {
                if (reader.ValueTextEquals(_members[i]))
                    return i;
            }
        }
        catch (InvalidOperationException)
        {
            // A name that is no valid Unicode is no member that a rule could name.
        }
        return -1;
    }

    private static ConditionValue? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => ReadText(ref reader),
        JsonTokenType.Number => new ConditionValue(JsonValueKind.Number, null, reader.GetDouble()),
        JsonTokenType.True => new ConditionValue(JsonValueKind.True, null, 0),
        JsonTokenType.False => new ConditionValue(JsonValueKind.False, null, 0),
        _ => null,
    };

    /// <summary>Null where the text is no valid Unicode: nothing can match it.</summary>
    private static ConditionValue? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return new ConditionValue(JsonValueKind.String, reader.GetString(), 0);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Rule(int Segment, (int Member, SegmentCondition Condition)[] Conditions)
    {
        /// <summary>All values that it asks for.</summary>
        public IEnumerable<(int Member, ConditionValue Value)> Values() => Conditions.SelectMany(ValuesOf);

        /// <summary>The values of the one of its conditions that fewest rules ask for; null where none of them asks for a value.</summary>
        public List<(int Member, ConditionValue Value)>? RarestOf(Dictionary<(int Member, ConditionValue Value), int> rules) =>
            Conditions.Select(condition => ValuesOf(condition).Distinct().ToList()).Where(values => values.Count > 0).MinBy(values => values.Sum(value => rules[value]));

        private static IEnumerable<(int Member, ConditionValue Value)> ValuesOf((int Member, SegmentCondition Condition) condition) =>
            condition.Condition.Operator is ConditionOperator.In or ConditionOperator.Eq ? condition.Condition.Values.Select(value => (condition.Member, value)) : [];

        public bool Holds(ConditionValue?[] values)
        {
            foreach (var (member, condition) in Conditions)
            {
                if (values[member] is not { } value || !condition.Holds(value))
                    return false;
            }
            return true;
        }
    }
}
