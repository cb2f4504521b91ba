using Flywheel.Abstractions.Modules;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Modules;

/// <summary>
/// One creative module, by <c>campaign/slot/module</c>. Owns which content is which version; durable before it answers. Called
/// when its campaign is published, and soon let go: ten thousand campaigns have a hundred thousand of these.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
[GrainType("flywheel.module")]
public sealed class ModuleGrain(
    [PersistentState("module", StorageNames.Default)] IPersistentState<ModuleState> state) : Grain, IModuleGrain
{
    /// <summary>Versions remembered; content that comes back after more changes than this counts as new.</summary>
    private const int MaxVersions = 32;

    public async Task<int> PublishAsync(ulong contentHash, CancellationToken cancellationToken)
    {
        var previous = state.State;
        if (previous.Versions.FirstOrDefault(version => version.ContentHash == contentHash) is { } known)
            return known.Version;
        var versions = previous.Versions.Add(new ModuleVersion(previous.NextVersion, contentHash));
        await this.ReplaceAsync(
            state, new ModuleState { NextVersion = previous.NextVersion + 1, Versions = versions.Length > MaxVersions ? versions.RemoveAt(0) : versions }, cancellationToken);
        return previous.NextVersion;
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await state.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }
}
