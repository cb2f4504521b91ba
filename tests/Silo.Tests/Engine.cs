using Flywheel.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests;

/// <summary>An engine in this process, on a free port. Most tests share one; each has a campaign of its own there.</summary>
public sealed class Engine : IAsyncLifetime
{
    private readonly TempFolder? _own;
    private readonly string[] _args;
    private readonly Action<IServiceCollection>? _customise;
    private WebApplication? _app;
    private Api? _api;

    public Engine()
        : this(null)
    {
    }

    /// <param name="customise">Replaces services.</param>
    /// <param name="data">The data folder; one of its own where null.</param>
    /// <param name="args">More options.</param>
    internal Engine(Action<IServiceCollection>? customise, TempFolder? data = null, params string[] args)
    {
        _own = data is null ? new TempFolder() : null;
        _customise = customise;
        _args = ["--urls", "http://127.0.0.1:0", "--data", (data ?? _own)!.Path, .. args];
    }

    public Api Api => _api!;

    public Uri Url => new(_app!.Urls.First());

    public IServiceProvider Services => _app!.Services;

    public static async Task<Engine> StartAsync(TempFolder? data = null, Action<IServiceCollection>? customise = null, params string[] args)
    {
        var engine = new Engine(customise, data, args);
        await engine.InitializeAsync();
        return engine;
    }

    public async ValueTask InitializeAsync()
    {
        _app = await FlywheelHost.BuildAsync(_args, _customise);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _api = new Api(Url);
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
        _own?.Dispose();
    }
}
