using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Flywheel.Decisions;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Webhooks;

/// <summary>What webhooks were told of a campaign. Compared with how it stands it says what is to be told: pure, so that no change is told twice, and none that stays is missed.</summary>
public sealed record ToldCampaign
{
    /// <summary>Messages of one kind in a step; the next step has the rest.</summary>
    public const int MostAtOnce = 16;

    /// <summary>Fadings that are remembered: where so many are found at once no more are told, else the oldest of those that are missed leave.</summary>
    public const int MostFaded = 512;

    /// <summary>The life of the campaign that this is about; 0 for none.</summary>
    public ulong Incarnation { get; init; }

    /// <summary>Steps that told something: two messages that read the same are still two.</summary>
    public long Steps { get; init; }

    public string Verdict { get; init; } = NameOf(Experiments.Verdict.Learning);

    /// <summary>Those it has; told once until they are over.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Ids of the proposals that wait; at most <see cref="MessagingState.MostProposals"/>.</summary>
    public ImmutableArray<string> Waiting { get; init; } = [];

    /// <summary>Names of fadings as earlier versions stored them; read, and empty in what is written.</summary>
    public ImmutableArray<string> Faded { get; init; } = [];

    /// <summary>Those that are not over: the missed ones first, then oldest first. Null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ToldFading>? Fadings { get; init; }

    /// <summary>The fadings that were told and are not over, however they were stored.</summary>
    /// <param name="now">When those of an earlier version are taken to have been told.</param>
    public ImmutableArray<ToldFading> ToldFadingsAt(DateTimeOffset now) => [.. Faded.Select(name => new ToldFading(name, now, 0)), .. Fadings ?? []];

    /// <summary>What is to be told of a campaign that stands like this, and what was told then. Where nothing changes it is the same object.</summary>
    /// <param name="key">See <see cref="CampaignKeys"/>.</param>
    public (ToldCampaign Next, ImmutableArray<WebhookMessage> Messages) See(string key, CampaignSighting seen, DateTimeOffset now)
    {
        if (seen.Incarnation != Incarnation)
            return new ToldCampaign { Incarnation = seen.Incarnation }.See(key, seen, now);
        var (campaign, verdict) = (CampaignKeys.IdOf(key), NameOf(seen.Verdict));
        var waiting = seen.Waiting.Where(proposal => !Waiting.Contains(proposal.Id)).Take(MostAtOnce).ToList();
        var (faded, fadings) = ToldFadings.See(ToldFadingsAt(now), seen, now);
        var appeared = seen.Problems.Except(Problems).ToList();
        ImmutableArray<string> problems = [.. seen.Problems.Union(Problems.Intersect(seen.Lasting ?? []))];
        List<WebhookMessage> messages =
        [
            .. waiting.Select(proposal => Message(WebhookEvents.ProposalWaiting, $"{proposal.Id}/{proposal.Revision}", WaitingData(campaign, proposal))),
            .. faded.Select(module => Message(WebhookEvents.ModuleFaded, module.Name, FadedData(campaign, module))),
        ];
        if (verdict != Verdict)
            messages.Add(Message(WebhookEvents.VerdictChanged, verdict, VerdictData(campaign, verdict, seen.Lift)));
        if (appeared.Count > 0)
            messages.Add(Message(WebhookEvents.CampaignDegraded, string.Join(',', appeared), ProblemsData(campaign, problems, appeared)));
        var next = this with
        {
            Steps = Steps + (messages.Count > 0 ? 1 : 0),
            Verdict = verdict,
            Problems = problems,
            Waiting = [.. Waiting.Where(id => seen.Waiting.Any(proposal => proposal.Id == id)), .. waiting.Select(proposal => proposal.Id)],
            Faded = [],
            Fadings = fadings.IsEmpty ? null : fadings,
        };
        return (next.IsAs(this) ? this : next, [.. messages]);

        WebhookMessage Message(string type, string about, JsonObject data) =>
            WebhookMessage.New(type, campaign, string.Create(CultureInfo.InvariantCulture, $"{key}/{Incarnation}/{Steps}/{about}"), data, now);
    }

    private bool IsAs(ToldCampaign other) =>
        Incarnation == other.Incarnation && Steps == other.Steps && Verdict == other.Verdict && Problems.SequenceEqual(other.Problems)
        && Waiting.SequenceEqual(other.Waiting) && Faded.SequenceEqual(other.Faded) && (Fadings ?? []).SequenceEqual(other.Fadings ?? []);

    private static JsonObject WaitingData(string campaign, Proposal proposal) => new()
    {
        ["campaign"] = campaign,
        ["proposal"] = proposal.Id,
        ["revision"] = proposal.Revision,
        ["slot"] = proposal.Slot,
        ["module"] = proposal.Module.Id,
        ["content"] = JsonNode.Parse(proposal.Module.Content.Json),
        ["replaces"] = proposal.Replaces,
        ["segment"] = proposal.Segment,
        ["writer"] = CamelCase(proposal.Writer),
        ["reason"] = proposal.Reason,
        ["createdAt"] = proposal.CreatedAt.UtcDateTime,
    };

    private static JsonObject FadedData(string campaign, FadedModule module) => new()
    {
        ["campaign"] = campaign,
        ["segment"] = module.Segment,
        ["slot"] = module.Slot,
        ["module"] = module.Module,
        ["version"] = module.Version,
        ["kept"] = Json(module.Kept),
        ["since"] = module.Since.UtcDateTime,
        ["impressions"] = module.Impressions,
    };

    private JsonObject VerdictData(string campaign, string verdict, Interval? lift) => new()
    {
        ["campaign"] = campaign,
        ["from"] = Verdict,
        ["to"] = verdict,
        ["lift"] = lift is { } known ? Json(known) : null,
    };

    private static JsonObject ProblemsData(string campaign, ImmutableArray<string> all, List<string> appeared) => new()
    {
        ["campaign"] = campaign,
        ["appeared"] = new JsonArray([.. appeared.Select(problem => JsonValue.Create(problem))]),
        ["problems"] = new JsonArray([.. all.Select(problem => JsonValue.Create(problem))]),
    };

    private static JsonObject? Json(Interval interval) => double.IsFinite(interval.Mean) && double.IsFinite(interval.Low) && double.IsFinite(interval.High)
        ? new JsonObject { ["mean"] = Math.Round(interval.Mean, 6), ["low"] = Math.Round(interval.Low, 6), ["high"] = Math.Round(interval.High, 6) }
        : null;

    private static string NameOf(Verdict verdict) => CamelCase(verdict);

    private static string CamelCase<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
