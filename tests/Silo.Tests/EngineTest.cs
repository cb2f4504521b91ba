using Flywheel.Client;

namespace Flywheel.Silo.Tests;

/// <summary>
/// A test on the shared engine with a campaign of its own. It keeps account of what was acknowledged, and every test ends
/// with a look at the ledger: it holds exactly that, and balances.
/// </summary>
public abstract class EngineTest(Engine engine) : IAsyncLifetime
{
    private int _barriers;

    protected Engine Engine => engine;

    protected Api Api => engine.Api;

    /// <summary>The id of this test's campaign.</summary>
    protected string Campaign { get; } = $"t-{Guid.NewGuid():n}";

    protected string Path => $"/v1/campaigns/{Campaign}";

    /// <summary>Signals of <see cref="Campaign"/> that were acknowledged.</summary>
    protected long Accepted { get; set; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed || (await Api.GetAsync($"{Path}/scores")).Status != 200)
            return;
        var ledger = (await SettledAsync()).Ledger;
        Assert.True(ledger.Accepted == Accepted && IsBalanced(ledger), $"Expected a balanced ledger of {Accepted} accepted; came {ledger}");
    }

    protected static bool IsBalanced(Ledger ledger) =>
        ledger.Accepted == ledger.Counted + ledger.Duplicate + ledger.Late + ledger.Quarantined;

    protected async Task PutAsync(string document) => Assert.Contains((await Api.PutAsync(Path, document)).Status, new[] { 200, 201 });

    protected Task<Decision> DecideAsync(string rest = "") => Api.DecideAsync(Campaign, rest);

    /// <summary>Sends a body of signals; a 202 adds to <see cref="Accepted"/>.</summary>
    protected Task<Answer> SendAsync(string body, string? contentType = "application/json") => SendAsync(Api.Body(body, contentType));

    protected async Task<Answer> SendAsync(HttpContent body)
    {
        var answer = await Api.SendAsync(HttpMethod.Post, "/v1/signals", body);
        if (answer.Status == 202)
            Accepted += answer.Json["accepted"]!.GetValue<long>();
        return answer;
    }

    /// <summary>Sends signals, all of which must be accepted.</summary>
    protected async Task SendAllAsync(params IReadOnlyCollection<string> signals)
    {
        foreach (var request in signals.Chunk(10_000))
        {
            var answer = (await SendAsync(Wire.Array(request))).Expect(202);
            Assert.True(answer.Json["accepted"]!.GetValue<int>() == request.Length, $"Expected {request.Length} accepted; came {answer.Text}");
        }
    }

    /// <summary>Decides, shows all and clicks on some, and waits until that is learnt.</summary>
    /// <param name="many">How many decisions.</param>
    /// <param name="clicks">Whether a decision earns a click.</param>
    /// <param name="already">Decisions made before.</param>
    protected async Task<IReadOnlyList<Decision>> LearnAsync(int many, Func<Decision, bool> clicks, int already = 0)
    {
        var decisions = await Api.DecideManyAsync(Campaign, many);
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAllAsync([.. decisions.Where(clicks).Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync(already + many);
        return decisions;
    }

    /// <summary>
    /// The scores once they show all that was acknowledged. The last signal is a barrier that has no weight: a partition counts
    /// in order, so whatever was appended before it has shown as well.
    /// </summary>
    /// <param name="decisions">Decisions to wait for, where there is a number to wait for.</param>
    protected async Task<ScoreDocument> SettledAsync(long? decisions = null)
    {
        await SendAllAsync(Wire.Observed(Campaign, $"barrier-{++_barriers}", "barrier"));
        return await Eventually.ReadsAsync(
            () => Api.ScoresAsync(Campaign),
            scores => scores.Ledger.Accepted == Accepted && (decisions is null || DecisionsOf(scores) == decisions),
            $"{Accepted} signals accepted and {decisions?.ToString() ?? "any number of"} decisions",
            scores => $"{scores.Ledger} and {DecisionsOf(scores)} decisions");
    }

    private static long DecisionsOf(ScoreDocument scores) => scores.Segments.Sum(segment => segment.Decisions);
}
