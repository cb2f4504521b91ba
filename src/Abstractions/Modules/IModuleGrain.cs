namespace Flywheel.Abstractions.Modules;

/// <summary>A creative module, by <c>campaign/slot/module</c>: the authority on which content is which version.</summary>
[Alias("flywheel.module")]
public interface IModuleGrain : IGrainWithStringKey
{
    /// <summary>
    /// The version that stands for this content: the one it had before, or the next one. Durable once this returns, so that
    /// the same content has the same version, and the evidence that goes with it, whenever it comes back.
    /// </summary>
    [Alias("publish")]
    Task<int> PublishAsync(ulong contentHash, CancellationToken cancellationToken);

    /// <summary>Forgets all versions, with the campaign.</summary>
    [Alias("forget")]
    Task ForgetAsync(CancellationToken cancellationToken);
}
