using System.Reflection;
using Flywheel.Grains.Replicas;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Grains.Tests.Replicas;

public sealed class ReplicaPublisherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Right after its start a silo may not find itself among the active ones; what it has published it serves.</summary>
    [Fact]
    public async Task Publish_WhereTheListOfSilosIsEmpty_IsServedByThisOne()
    {
        await using var engine = await TestEngine.StartAsync(customise: services =>
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ReplicaPublisher>(provider, DispatchProxy.Create<ISiloStatusOracle, NoSilos>())));

        var published = (await engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        Assert.Equal(published.Revision, engine.Replica().Find("spring")?.Published.Revision);

        Assert.True(await engine.Campaign("spring").DeleteAsync(Cancel));
        Assert.Null(engine.Replica().Find("spring"));
    }

    /// <summary>Knows of no silo.</summary>
    public class NoSilos : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(ISiloStatusOracle.GetApproximateSiloStatuses) ? new Dictionary<SiloAddress, SiloStatus>() : throw new NotSupportedException(targetMethod.Name);
    }
}
