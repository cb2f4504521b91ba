using System.Diagnostics;
using System.Threading.Channels;
using Flywheel.Abstractions.Messaging;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Replicas;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Flywheel.Grains.Agents;

/// <summary>
/// Where a silo's writer and reviewer work, outside every grain's turn: <see cref="MostWorking"/> orders at a time, <see cref="MostWaiting"/> that
/// wait. What is written goes to the reviewer, and with its findings to the campaign's grain; without a reviewer it goes there at once. What is
/// lost with the silo is ordered again by the campaign's grain.
/// </summary>
/// <param name="reviewer">Null where no model is configured: then the guardrails alone look at what was written.</param>
public sealed partial class WritingDesk(
    IMessageWriter writer,
    CampaignReplica replica,
    IGrainFactory grains,
    IMessagingMeter meter,
    TimeProvider time,
    ILogger<WritingDesk> logger,
    IMessageReviewer? reviewer = null) : BackgroundService
{
    public const int MostWorking = 2;
    public const int MostWaiting = 64;

    private static readonly ActivitySource Source = new("Flywheel.Grains");

    private readonly Channel<(string Campaign, WritingOrderMessage? Order, ReviewOrderMessage? Review, ActivityContext Trace)> _orders =
        Channel.CreateBounded<(string, WritingOrderMessage?, ReviewOrderMessage?, ActivityContext)>(MostWaiting);

    /// <summary>What is set aside for a request until its cost is known: nothing offline; for a model, what its calls are expected to take at most.</summary>
    public ModelCost MostCost { get; } = CostOf(writer.MostUsage + (reviewer?.MostUsage ?? WritingUsage.None));

    /// <summary>Takes an order; false where too many wait.</summary>
    public bool TryTake(string campaign, WritingOrderMessage order) => _orders.Writer.TryWrite((campaign, order, null, Activity.Current?.Context ?? default));

    /// <summary>Takes an order; false where too many wait.</summary>
    public bool TryTake(string campaign, ReviewOrderMessage order) => _orders.Writer.TryWrite((campaign, null, order, Activity.Current?.Context ?? default));

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (reviewer is not null)
            LogModel(writer.Name);
        return Task.WhenAll(Enumerable.Range(0, MostWorking).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)));
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var (campaign, order, review, trace) in _orders.Reader.ReadAllAsync(stoppingToken))
        {
            using var span = Source.StartActivity(order is not null ? "agents write" : "agents review", ActivityKind.Internal, trace)?.SetTag("flywheel.campaign", campaign);
            try
            {
                if (order is not null)
                    await WriteAsync(campaign, order, stoppingToken);
                else
                    await ReviewAsync(campaign, review!, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(e, order?.Request.Id ?? review!.Written.Request, campaign);
            }
        }
    }

    private async Task WriteAsync(string campaign, WritingOrderMessage order, CancellationToken stoppingToken)
    {
        // What has waited that long is asked for again.
        if (time.GetUtcNow() - order.Request.AskedAt > MessagingGrain.Patience)
            return;
        if (WritingOrders.ObstacleTo(order) is { } obstacle)
        {
            await DeliverAsync(campaign, order.Incarnation, obstacle, stoppingToken);
            return;
        }
        var result = await writer.WriteAsync(WritingOrders.RequestFor(campaign, order, replica.Find(campaign)), stoppingToken);
        var written = WritingOrders.DeliveryOf(order.Request.Id, result);
        meter.Wrote(written.Writer, written.Cost, written.IsFailure);
        if ((result.Failure ?? result.InsteadOfModel) is { } failure)
            Failed("write", order.Request.Id, campaign, failure);
        if (reviewer is null || written.Drafts.IsEmpty)
            await DeliverAsync(campaign, order.Incarnation, written, stoppingToken);
        else if (await NotReviewedAsync(campaign, new ReviewOrderMessage(order.Incarnation, order.Slot, order.Brief, written), stoppingToken) is { } why)
            await DeliverAsync(campaign, order.Incarnation, WritingOrders.WithoutReview(written, why), stoppingToken);
    }

    /// <summary>Gives what was written to the reviewer. Null where it took it, and delivers it; otherwise why it does not.</summary>
    private async Task<string?> NotReviewedAsync(string campaign, ReviewOrderMessage order, CancellationToken stoppingToken)
    {
        try
        {
            return await grains.GetGrain<IReviewerGrain>(campaign).ReviewAsync(order, stoppingToken) ? null : $"{MostWaiting} orders wait for the reviewer already";
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return "the reviewer could not be reached";
        }
    }

    private async Task ReviewAsync(string campaign, ReviewOrderMessage order, CancellationToken stoppingToken)
    {
        if (reviewer is null)
        {
            await DeliverAsync(campaign, order.Incarnation, WritingOrders.WithoutReview(order.Written, "the silo that was to review has no model"), stoppingToken);
            return;
        }
        var result = await reviewer.ReviewAsync(WritingOrders.ReviewFor(order), stoppingToken);
        var cost = CostOf(result.Usage);
        meter.Reviewed(cost, result.Failure is not null);
        if (result.Failure is { } failure)
            Failed("review", order.Written.Request, campaign, failure);
        var reviewed = result.Failure is null
            ? WritingOrders.WithReview(order.Written, result.Findings)
            : WritingOrders.WithoutReview(order.Written, result.Failure.Message);
        await DeliverAsync(campaign, order.Incarnation, reviewed with { Cost = order.Written.Cost + cost }, stoppingToken);
    }

    private Task DeliverAsync(string campaign, ulong incarnation, Delivery delivery, CancellationToken stoppingToken) =>
        grains.GetGrain<IMessagingGrain>(campaign).DeliverAsync(new DeliveryMessage(incarnation, delivery), stoppingToken);

    private void Failed(string task, string request, string campaign, WritingFailure failure)
    {
        meter.ModelFailed(task, failure.Kind);
        LogModelFailed(task, request, campaign, failure.Message);
    }

    internal static ModelCost CostOf(WritingUsage usage) => new(usage.InputTokens + usage.OutputTokens, usage.CostMicros);

    [LoggerMessage(Level = LogLevel.Information, Message = "Messaging is written and reviewed by the model {Model}")]
    private partial void LogModel(string model);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to {Request} of {Campaign} was lost; it is asked for once more")]
    private partial void LogLost(Exception exception, string request, string campaign);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model did not {Task} for {Request} of {Campaign}: {Why}")]
    private partial void LogModelFailed(string task, string request, string campaign, string why);
}
