using System.Text.Json;
using Flywheel.Abstractions.Messaging;
using Flywheel.Domain.Access;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Experiments;
using Flywheel.Silo.Api.Messaging;
using Flywheel.Silo.Api.Scores;

namespace Flywheel.Silo.Api.Mcp;

/// <summary>The tools that there are. Each is a translation to what the API of the same name does; none approves, stops or serves.</summary>
internal sealed class McpTools(CampaignReplica replica, ScoresWriter scores, IServiceProvider services)
{
    /// <summary>Rows of modules in one answer of scores: beyond them a segment has to be named.</summary>
    private const int MostModules = 500;

    /// <summary>Segments in one answer about the experiment: beyond them one has to be named.</summary>
    private const int MostSegments = 100;

    private const int MostListed = 500;
    private const int MostEntries = 100;

    private static readonly McpArgument Campaign = new("campaign", """{"type":"string","description":"The campaign's id"}""") { IsRequired = true };
    private static readonly McpArgument Segment = new("segment", """{"type":"string","description":"This segment alone; default is who no other segment matches"}""");
    private static readonly McpArgument Language = new("language", """{"type":"string","enum":["en","fr"],"description":"Of the sentences; en unless said"}""");
    private static readonly McpArgument Limit = new("limit", $$"""{"type":"integer","minimum":1,"maximum":{{MostEntries}},"description":"20 unless said"}""");

    private static readonly string[] Statuses = ["", .. Enum.GetValues<ProposalStatus>().Select(MessagingWriter.NameOf)];

    /// <summary>Asked for at each call: where the silo joined its cluster late, it was not there before.</summary>
    private IGrainFactory Grains => services.GetRequiredService<IGrainFactory>();

    public IReadOnlyList<McpTool> All() =>
    [
        new("list_campaigns", "Campaigns", "Campaigns by id, with name and status (live or paused). Where there are more, `next` is what to give as `after`.", Role.Read, Now(ListCampaigns),
            new("after", """{"type":"string","description":"Campaigns after this id"}"""),
            new("limit", $$"""{"type":"integer","minimum":1,"maximum":{{MostListed}},"description":"100 unless said"}""")),
        new("read_scores", "Scores", "Exact impressions and rewards of each module by segment, its share of traffic, its chance of being the best of its slot, its rate and its resonance (100 is the slot's average) with 95 % intervals, and its state.",
            Role.Read, Now(ReadScores), Campaign, Segment, new("byChannel", """{"type":"boolean","description":"Adds each segment's channels"}""")),
        new("read_experiment", "Experiment", "What learning gains over the control group: lift with an interval that is valid at every look, sample ratio, verdict and a sentence, over all and by segment.",
            Role.Read, Now(ReadExperiment), Campaign, Segment, Language),
        new("read_insights", "Insights", "What resonates with whom, what fades, what is new and what to do, in sentences that carry their figures.", Role.Read, ReadInsightsAsync, Campaign, Language),
        new("read_history", "History", "Who or what changed what, when, on which evidence; newest first.", Role.Read, ReadHistoryAsync,
            Campaign, new("before", """{"type":"integer","minimum":0,"description":"Entries with a lower number"}"""), Limit),
        new("list_proposals", "Proposals", "Proposed modules and what became of them, with the findings of the guardrails; newest first.", Role.Read, ListProposalsAsync,
            Campaign, new("status", $$"""{"type":"string","enum":{{JsonSerializer.Serialize(Statuses[1..])}},"description":"Those alone"}"""), Limit),
        new("propose_messaging", "Propose messaging", "Proposes a module for a slot, in words of your own. The brief's rules are checked at once; a person decides whether it is ever served. It takes one of the campaign's proposals of the day.",
            Role.Operate, ProposeAsync, Campaign, new("slot", """{"type":"string","description":"The slot's id"}""") { IsRequired = true },
            new("content", """{"type":"object","description":"What would be served: of a text slot {\"text\":\"…\"}, of an image slot {\"url\":\"https://…\",\"alt\":\"…\"}"}""") { IsRequired = true },
            new("attributes", """{"type":"object","additionalProperties":{"type":"string"},"description":"What it tries, such as {\"angle\":\"benefit\"}"}"""),
            new("comment", $$"""{"type":"string","maxLength":{{DecisionReader.MaxComment}},"description":"Why, for the person who decides"}""")),
    ];

    private static Func<McpCall, CancellationToken, ValueTask<McpAnswer>> Now(Func<McpCall, McpAnswer> run) => (call, _) => ValueTask.FromResult(run(call));

    private McpAnswer ListCampaigns(McpCall call)
    {
        var (after, limit) = (call.Text("after") ?? "", (int)call.Number("limit", 100, 1, MostListed));
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        var page = CampaignsOf(call.Caller.Tenant).Where(campaign => string.CompareOrdinal(campaign.Published.LocalId, after) > 0).Take(limit + 1).ToList();
        return McpAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("campaigns");
            foreach (var campaign in page.Take(limit))
            {
                json.WriteStartObject();
                json.WriteString("id", campaign.Published.LocalId);
                json.WriteString("name", campaign.Published.Campaign.Name ?? campaign.Published.LocalId);
                json.WriteString("status", campaign.IsLive ? "live" : "paused");
                if (campaign.Published.Campaign.Simulation)
                    json.WriteBoolean("simulation", true);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (page.Count > limit)
                json.WriteString("next", page[limit - 1].Published.LocalId);
            json.WriteEndObject();
        });
    }

    /// <summary>A tenant's campaigns, by id.</summary>
    public IEnumerable<ReplicatedCampaign> CampaignsOf(string tenant) =>
        replica.Campaigns.Where(campaign => campaign.IsOf(tenant)).OrderBy(campaign => campaign.Published.LocalId, StringComparer.Ordinal);

    private McpAnswer ReadScores(McpCall call)
    {
        var (campaign, byChannel) = (call.Campaign(replica), call.Flag("byChannel"));
        var segment = campaign is null ? null : call.Segment(campaign);
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        if (segment is null && campaign!.Segments.Count * campaign.Layout.ModulesPerSlot.Sum(modules => modules) * (byChannel ? 2 : 1) > MostModules)
            return McpAnswer.Invalid(TooMany(campaign));
        return McpAnswer.Of(json => scores.Write(json, campaign!, segment, byChannel));
    }

    private McpAnswer ReadExperiment(McpCall call)
    {
        var (campaign, language) = (call.Campaign(replica), call.OneOf("language", "en", "fr"));
        var segment = campaign is null ? null : call.Segment(campaign);
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        return segment is null && campaign!.Segments.Count > MostSegments
            ? McpAnswer.Invalid(TooMany(campaign))
            : McpAnswer.Of(json => ExperimentWriter.Write(json, campaign!, language, segment));
    }

    private async ValueTask<McpAnswer> ReadInsightsAsync(McpCall call, CancellationToken cancellationToken)
    {
        var (campaign, language) = (call.Campaign(replica), call.OneOf("language", "en", "fr"));
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        return await Grains.GetGrain<IAnalystGrain>(campaign!.Published.Id).WriteInsightsAsync(language, cancellationToken) is { } found
            ? McpAnswer.Of(json => InsightEndpoints.Write(json, language, found))
            : Gone(campaign);
    }

    private async ValueTask<McpAnswer> ReadHistoryAsync(McpCall call, CancellationToken cancellationToken)
    {
        var (campaign, before, limit) = (call.Campaign(replica), call.Number("before", long.MaxValue, 0, long.MaxValue), (int)call.Number("limit", 20, 1, MostEntries));
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        if (await Grains.GetGrain<IMessagingGrain>(campaign!.Published.Id).ReadHistoryAsync(before, limit, cancellationToken) is not { } page)
            return Gone(campaign);
        return McpAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var entry in page.Entries)
                MessagingWriter.Write(json, entry);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async ValueTask<McpAnswer> ListProposalsAsync(McpCall call, CancellationToken cancellationToken)
    {
        var (campaign, status, limit) = (call.Campaign(replica), call.OneOf("status", Statuses), (int)call.Number("limit", 20, 1, MostEntries));
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        if (await Grains.GetGrain<IMessagingGrain>(campaign!.Published.Id).ListAsync(cancellationToken) is not { } found)
            return Gone(campaign);
        var wanted = found.Proposals.Reverse().Where(proposal => status.Length == 0 || MessagingWriter.NameOf(proposal.Status) == status).Take(limit);
        return McpAnswer.Of(json => MessagingWriter.Write(json, campaign.Published.LocalId, wanted));
    }

    private async ValueTask<McpAnswer> ProposeAsync(McpCall call, CancellationToken cancellationToken)
    {
        var (campaign, slot) = (call.Campaign(replica), call.Text("slot", isRequired: true));
        if (call.Errors.Count > 0)
            return McpAnswer.Invalid(call.Errors);
        var module = call.Document("content", "attributes", "comment");
        var (outcome, errors) = await OfferIntake.TakeAsync(Grains, campaign!.Published.Id, slot!, module, ProposalWriter.Model, cancellationToken);
        return outcome switch
        {
            null or { Refusal.IsMissing: true } => errors.Count > 0 ? McpAnswer.Invalid(errors) : new McpAnswer(Metrics.McpMetrics.Invalid, null, outcome!.Refusal!.Text),
            { IsUnknown: true } => Gone(campaign),
            { Refusal: { } refusal } => McpAnswer.Refused(refusal.Text),
            { Proposal: { } proposal } => McpAnswer.Of(json => MessagingWriter.Write(json, campaign.Published.LocalId, proposal, null)),
            _ => throw new InvalidOperationException("An offer came to nothing, and nothing says why."),
        };
    }

    private static FieldError TooMany(ReplicatedCampaign campaign) =>
        new("segment", "none", $"one of the campaign's {campaign.Segments.Count} segments, such as {string.Join(", ", campaign.Layout.SegmentIds.TakeLast(5))}: all of them are too many for one answer");

    /// <summary>It was deleted while it was asked about.</summary>
    private static McpAnswer Gone(ReplicatedCampaign campaign) =>
        McpAnswer.Invalid(new FieldError("campaign", $"\"{campaign.Published.LocalId}\"", "the id of a campaign that list_campaigns lists"));
}
