using System.Text.Json;
using Flywheel.Agents.LanguageModel;
using Flywheel.Agents.Writing;
using Flywheel.TestKit;

namespace Flywheel.Agents.Tests.LanguageModel;

/// <summary>Tests against a test double of a model's server on the loopback.</summary>
public abstract class ModelTest : IAsyncLifetime
{
    protected const string Key = "sk-test-5f3c9a";

    /// <summary>Ends a wait that would hold a failing test for ever; no passing test comes near it.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ModelEndpoint> _endpoints = [];

    internal ModelServer Server { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>No retries, and time-outs that a test never sees unless it sets them.</summary>
    protected ModelOptions Options => new()
    {
        Url = Server.Url,
        Model = "double",
        ApiKey = Key,
        Timeout = Patience,
        AttemptTimeout = Patience,
        Retries = 0,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        InputPrice = 2,
        OutputPrice = 8,
    };

    public async ValueTask InitializeAsync() => Server = await ModelServer.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints)
            endpoint.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected ModelEndpoint Endpoint(ModelOptions? options = null, TimeProvider? time = null)
    {
        var endpoint = new ModelEndpoint(options ?? Options, time);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    protected ModelWriter Writer(ModelOptions? options = null, TimeProvider? time = null) => new(Endpoint(options, time));

    protected Task<WritingResult> WriteAsync(ModelOptions? options = null, WritingRequest? request = null) => Writer(options).WriteAsync(request ?? Requests.English(2), Token);

    /// <summary>An answer of the form that is asked for, with the angle of each text.</summary>
    internal static string Candidates(params (string Text, string? Angle)[] candidates) =>
        JsonSerializer.Serialize(new { candidates = candidates.Select(candidate => new { text = candidate.Text, attributes = new { angle = candidate.Angle } }) });

    internal static string Two => Candidates(("Miles feel shorter", "benefit"), ("Who ties your laces?", "curiosity"));
}
