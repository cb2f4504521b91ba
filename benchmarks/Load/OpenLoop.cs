using Flywheel.Cli.Load;
using HdrHistogram;

namespace Flywheel.Benchmarks.Load;

/// <summary>Asks for decisions at a fixed rate, whatever the engine does; <see cref="PacedLoop"/> says how each is timed.</summary>
internal sealed class OpenLoop : IDisposable
{
    private const int Connections = 64;
    private const string Body = """{"campaign":"bench","segment":"s2","context":{"age":24},"unit":"user-1"}""";

    private readonly DecisionConnection[] _connections;

    private OpenLoop(DecisionConnection[] connections) => _connections = connections;

    public static async Task<OpenLoop> OpenAsync(Uri engine) =>
        new(await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => DecisionConnection.OpenAsync(engine, Body))));

    /// <returns>The times from due to answered.</returns>
    public async Task<LongHistogram> RunAsync(int perSecond, TimeSpan time)
    {
        var (times, _) = await PacedLoop.RunAsync([.. _connections.Select(connection => (Func<ValueTask<bool>>)connection.DecideAsync)], perSecond, time, CancellationToken.None);
        var all = PacedLoop.NewHistogram();
        foreach (var histogram in times)
            all.Add(histogram);
        return all;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }
}
