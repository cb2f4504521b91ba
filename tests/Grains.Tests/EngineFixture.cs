namespace Flywheel.Grains.Tests;

/// <summary>One silo for all tests of a class; each uses campaigns of its own.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public TestEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await TestEngine.StartAsync();

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
