using System.Threading.Channels;
using Flywheel.Abstractions.Messaging;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Replicas;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Flywheel.Grains.Agents;

/// <summary>
/// Where a silo's writer works, outside every grain's turn: <see cref="MostWriting"/> orders at a time, <see cref="MostWaiting"/> that wait. What
/// is written is delivered as a grain call; what is lost with the silo is ordered again by the campaign's grain.
/// </summary>
public sealed partial class WritingDesk(IMessageWriter writer, CampaignReplica replica, IGrainFactory grains, IMessagingMeter meter, ILogger<WritingDesk> logger) : BackgroundService
{
    public const int MostWriting = 2;
    public const int MostWaiting = 64;

    private readonly Channel<(string Campaign, WritingOrderMessage Order)> _orders = Channel.CreateBounded<(string, WritingOrderMessage)>(MostWaiting);

    /// <summary>What is set aside for an order until its cost is known: nothing offline; for a model, a few rounds of questions and a tenth of the currency's unit.</summary>
    public ModelCost MostCost { get; } = writer is Flywheel.Agents.Offline.OfflineWriter ? default : new ModelCost(32_768, 100_000);

    /// <summary>Takes an order; false where too many wait.</summary>
    public bool TryTake(string campaign, WritingOrderMessage order) => _orders.Writer.TryWrite((campaign, order));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, MostWriting).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var (campaign, order) in _orders.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                var delivery = await WriteAsync(campaign, order, stoppingToken);
                meter.Wrote(delivery.Writer, delivery.Cost, delivery.IsFailure);
                await grains.GetGrain<IMessagingGrain>(campaign).DeliverAsync(new DeliveryMessage(order.Incarnation, delivery), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(e, order.Request.Id, campaign);
            }
        }
    }

    private async Task<Delivery> WriteAsync(string campaign, WritingOrderMessage order, CancellationToken stoppingToken)
    {
        var result = await writer.WriteAsync(WritingOrders.RequestFor(campaign, order, replica.Find(campaign)), stoppingToken);
        var by = result.Writer == WriterKind.Offline ? ProposalWriter.Offline : ProposalWriter.Model;
        return new Delivery(order.Request.Id, by, new ModelCost(result.Usage.InputTokens + result.Usage.OutputTokens, result.Usage.CostMicros))
        {
            Drafts = [.. result.Candidates.Select(candidate => new Draft(candidate.Content, candidate.Attributes))],
            Note = result.Failure?.Message ?? result.Note,
            IsFailure = result.Failure is not null,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to {Request} of {Campaign} was lost; it is asked for once more")]
    private partial void LogLost(Exception exception, string request, string campaign);
}
