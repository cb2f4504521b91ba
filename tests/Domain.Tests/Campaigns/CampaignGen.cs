using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Campaigns;

/// <summary>Generates valid campaigns that use every part of the document.</summary>
internal static class CampaignGen
{
    private static readonly Gen<string> Id = Gen.String[Gen.Char["abcxyz019-"], 1, 12];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 40],
        Gen.OneOf("", "Ünïcode — 素晴らしい", "<b>\"&'</b>", "\t\n\\/", "run 🏃‍♀️ lighter"));

    private static readonly Gen<double> Share = Gen.Double[0, 1];

    private static readonly Gen<ImmutableArray<string>> Texts = Text.Array[0, 3].Select(texts => texts.ToImmutableArray());

    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Text.Select(text => (object?)text), Gen.Double[-1e9, 1e9].Select(number => (object?)number), Gen.Bool.Select(flag => (object?)flag), Gen.Const((object?)null));

    private static readonly Gen<ModuleContent> Content =
        Gen.Select(Gen.Dictionary(Text, Scalar)[0, 4], Scalar.Array[0, 3], Gen.Dictionary(Id, Scalar)[0, 3]).Select((members, list, nested) =>
            ModuleContent.From(JsonSerializer.SerializeToElement(new Dictionary<string, object?>(members)
            {
                ["text"] = "Run lighter",
                ["url"] = "https://example.com/a.jpg",
                ["list"] = list,
                ["nested"] = nested,
            })));

    private static readonly Gen<Module> Module = Gen.Select(Id, Content, Gen.Dictionary(Id, Text)[0, 3]).Select((id, content, attributes) =>
        new Module { Id = id, Content = content, Attributes = attributes.ToImmutableSortedDictionary() });

    private static readonly Gen<Slot> Slot =
        Gen.Select(Id, Gen.OneOf<string?>(null, "text", "image", "my-kind"), Gen.Int[11, 2_000].Nullable(), Module.Array[1, 4]).Select((id, kind, maxLength, modules) =>
            new Slot { Id = id, Kind = kind, MaxLength = maxLength, Modules = [.. modules.DistinctBy(module => module.Id)] });

    private static readonly Gen<ConditionValue> Number = Gen.Double[-1e12, 1e12].Select(number => new ConditionValue(JsonValueKind.Number, null, number));

    private static readonly Gen<ConditionValue> Value = Gen.OneOf(
        Number, Text.Select(text => new ConditionValue(JsonValueKind.String, text, 0)), Gen.OneOf(JsonValueKind.True, JsonValueKind.False).Select(kind => new ConditionValue(kind, null, 0)));

    private static readonly Gen<(ConditionOperator Operator, ImmutableArray<ConditionValue> Values)> Comparison = Gen.OneOf(
        Value.Array[1, 4].Select(values => (ConditionOperator.In, values.ToImmutableArray())),
        Gen.Select(Gen.OneOf(ConditionOperator.Eq, ConditionOperator.Ne), Value).Select((comparison, value) => (comparison, ImmutableArray.Create(value))),
        Gen.Select(Gen.OneOf(ConditionOperator.Lt, ConditionOperator.Lte, ConditionOperator.Gt, ConditionOperator.Gte), Number)
            .Select((comparison, number) => (comparison, ImmutableArray.Create(number))));

    private static readonly Gen<Segment> Segment = Gen.Select(Id, Gen.Dictionary(Text, Comparison.Array[1, 3])[0, 4]).Select((id, match) =>
        new Segment { Id = id, Match = [.. match.SelectMany(member => member.Value.DistinctBy(c => c.Operator).Select(c => new SegmentCondition(member.Key, c.Operator, c.Values)))] });

    private static readonly Gen<long> Micros = Gen.Long[0, 1_000_000 * Domain.Campaigns.Rewards.Micro];

    private static readonly Gen<Rewards> Rewards = Gen.Select(Gen.Dictionary(Id, Micros)[1, 5], Gen.Dictionary(Id, Micros)[0, 2], Gen.Int[0, 2], Micros.Nullable())
        .Select((weights, perValue, both, cap) =>
        {
            foreach (var type in weights.Keys.Take(both))
                perValue[type] = weights[type] / 2;
            return new Rewards(weights.ToImmutableSortedDictionary(StringComparer.Ordinal), cap is { } most ? Math.Max(1, most) : perValue.Count > 0 ? 1 : null)
            {
                PerValueMicros = perValue.ToImmutableSortedDictionary(StringComparer.Ordinal),
            };
        });

    private static readonly Gen<Brief> Brief = Gen.Select(Text.Null(), Text.Null(), Texts, Text.Null().Where(language => language is null or { Length: <= 35 }), Texts, Texts, Texts)
        .Select((brand, objective, tone, language, mustSay, neverSay, claims) => new Brief
        {
            Brand = brand,
            Objective = objective,
            Tone = tone,
            Language = language,
            MustSay = mustSay,
            NeverSay = neverSay,
            Claims = claims,
        });

    /// <summary>Without slots: which there are is not known yet.</summary>
    private static readonly Gen<AutoLimits> Auto =
        Gen.Select(Gen.Enum<AutoRisk>().Nullable(), Share.Nullable()).Select((risk, share) => new AutoLimits { Risk = risk, Share = share });

    private static readonly Gen<Domain.Campaigns.Governance> Governance =
        Gen.Select(
            Gen.Enum<GovernanceMode>(), Gen.Int[1, 32].Nullable(), Share.Nullable(), Gen.Int[0, 1_000].Nullable(),
            Gen.Int[1, 100_000_000].Nullable(), Gen.Double[0, 10_000].Nullable(), Gen.Int[0, 10_080].Nullable(), Auto.Null())
            .Select((mode, modules, share, proposals, tokens, cost, minutes, auto) => new Domain.Campaigns.Governance
            {
                Mode = mode,
                MaxModulesPerSlot = modules,
                ChallengerShare = share,
                ProposalsPerDay = proposals,
                TokensPerDay = tokens,
                CostPerDay = cost,
                CoolDownMinutes = minutes,
                Auto = auto,
            });

    private static readonly Gen<DeliveryTerms> Delivery =
        Gen.Select(Gen.Long[1, 10_000_000_000], Gen.String[Gen.Char['A', 'Z'], 3, 3], Text, Id.Array[0, 3], Gen.Int[1, 26].Array[0, 3]).Select((price, currency, path, domains, categories) => new DeliveryTerms
        {
            PriceMicros = price,
            Currency = currency,
            Link = $"https://a.example/?q={Uri.EscapeDataString(path)}",
            Domains = [.. domains.Select(domain => $"a{domain}z.example")],
            Categories = [.. categories.Select(category => $"IAB{category}-{category}")],
        });

    public static readonly Gen<Campaign> Any =
        Gen.Select(Gen.Select(Text.Null(), Gen.Enum<CampaignStatus>(), Gen.Bool), Brief.Null(), Slot.Array[1, 3], Segment.Array[0, 4], Rewards, Gen.Select(Share, Share, Gen.Long[1_000, 2_592_000_000]), Gen.Select(Governance.Null(), Delivery.Null()))
            .Select((head, brief, slots, segments, rewards, policy, tail) =>
            {
                var (governance, delivery) = tail;
                var distinct = slots.DistinctBy(slot => slot.Id).ToImmutableArray();
                return new Campaign
                {
                    Name = string.IsNullOrWhiteSpace(head.Item1) ? null : head.Item1,
                    Status = head.Item2,
                    Simulation = head.Item3,
                    Brief = brief,
                    Slots = distinct,
                    Segments = [.. segments.DistinctBy(segment => segment.Id)],
                    Rewards = rewards,
                    Policy = new PolicySettings
                    {
                        Control = policy.Item1,
                        MinPropensity = policy.Item2 / distinct.Aggregate(1, (product, slot) => product * slot.Modules.Length),
                        AttributionWindow = TimeSpan.FromMilliseconds(policy.Item3),
                    },
                    Governance = governance is { Auto: { } auto } && head.Item3 ? governance with { Auto = auto with { Slots = [distinct[^1].Id] } } : governance,
                    Delivery = delivery,
                };
            });
}
