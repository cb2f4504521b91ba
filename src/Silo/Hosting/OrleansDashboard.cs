using Flywheel.Silo.Api.Access;
using Orleans.Dashboard;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// The Orleans dashboard at <see cref="Root"/>, off unless asked for. It knows of no users: the engine lets those in who run it. What it
/// shows is the silo's, and the silo has services of its own: they answer its requests.
/// </summary>
internal static class OrleansDashboard
{
    /// <summary>Where it is; its files are named relative to it.</summary>
    public const string Root = "/orleans/";

    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly PathString Prefix = Root.TrimEnd('/');

    /// <summary>What its files are served from.</summary>
    public static void AddOrleansDashboard(this WebApplicationBuilder builder) => new Parts(builder.Services, builder.Configuration).AddDashboard();

    /// <summary>What it counts in a silo. The log is not shown.</summary>
    public static void AddOrleansDashboard(this ISiloBuilder silo) => silo.AddDashboard(options => options.HideTrace = true);

    public static void UseOrleansDashboard(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Prefix), rest => rest.Use((context, next) =>
        {
            context.RequestServices = app.Services.GetRequiredService<ClusterMember>().Services;
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        }));
        app.MapOrleansDashboard(Prefix).ForTheEngine().ExcludeFromDescription();
    }

    /// <summary>The container of the API stands for that of a client: the dashboard's files are found in it.</summary>
    private sealed record Parts(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}
