using Flywheel.Agents.LanguageModel;
using Flywheel.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Messaging;

/// <summary>
/// An engine that has a test double of a model's server write. Its model has little time, and a circuit that never breaks, so that each test sees the
/// failure that it asks for.
/// </summary>
public sealed class ModelEngine : IAsyncLifetime
{
    internal ModelServer Server { get; private set; } = null!;

    public Engine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await ModelServer.StartAsync(TestContext.Current.CancellationToken);
        Engine = await Engine.StartAsync(
            customise: services => services.AddSingleton(new ModelEndpoint(new ModelOptions
            {
                Url = Server.Url,
                Model = "double",
                Timeout = TimeSpan.FromSeconds(1),
                AttemptTimeout = TimeSpan.FromSeconds(1),
                Retries = 1,
                RetryDelay = TimeSpan.FromMilliseconds(1),
                BreakerCalls = 1_000,
            })),
            args: ["--model-url", $"{Server.Url}", "--model", "double"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Server.DisposeAsync();
    }
}
