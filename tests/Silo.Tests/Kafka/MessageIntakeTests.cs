using System.Text;
using Confluent.Kafka;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Kafka;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Messages that are read again because a process ended between the appends of their batch.</summary>
public sealed class MessageIntakeTests
{
    private const int Here = 100;

    [Fact]
    public async Task Take_MessagesThatSomePartitionsHave_AddsThemToTheOthersAlone()
    {
        await using var engine = await Engine.StartAsync();
        (await engine.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        var services = engine.Services;
        var replica = services.GetRequiredService<CampaignReplica>();
        var partitions = Enumerable.Range(1, 8).Select(segment => new SegmentId(Readings.Campaign, 0, $"seg-{segment}").PartitionOf(replica.Partitions)).ToArray();
        var (has, lacks) = (0, Array.FindIndex(partitions, partition => partition != partitions[0]));
        var position = new SourcePosition("kafka/flywheel/shop/0", Enumerable.Range(0, replica.Partitions).Select(partition => partition == partitions[has] ? Here : SourcePosition.None));
        var (missed, keys) = (services.GetRequiredService<MissedCampaigns>(), services.GetRequiredService<TokenKeys>());
        var intake = new MessageIntake(position, isThere => new SignalIntake(replica, missed, keys, TimeProvider.System, CampaignKeys.DefaultTenant) { IsThere = isThere });

        intake.Take(Message(Here - 2, Readings.Impression(has)));
        intake.Take(Message(Here - 1, Wire.Array(Readings.Impression(has), Readings.Impression(lacks))));
        intake.Take(Message(Here, Wire.Array(Readings.Impression(has), Readings.Impression(lacks))));
        Assert.True(await intake.DecideAsync(TestContext.Current.CancellationToken));

        Assert.Equal((3, 1, 0), (intake.Accepted, intake.Again, intake.Rejected.Count));
        Assert.Equal(
            [(partitions[has], 1), (partitions[lacks], 2)],
            intake.Entries().Select(entry => (entry.Partition, entry.Signals)).OrderBy(entry => entry.Signals));
    }

    private static KafkaMessage Message(long offset, string value) => new(new ConsumeResult<byte[]?, byte[]?>
    {
        TopicPartitionOffset = new TopicPartitionOffset("shop", 0, offset),
        Message = new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes(value) },
    });
}
