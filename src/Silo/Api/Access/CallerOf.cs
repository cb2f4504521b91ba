namespace Flywheel.Silo.Api.Access;

/// <summary>On whose behalf a request comes, once the <see cref="AccessGate"/> let it pass.</summary>
internal static class CallerOf
{
    public static Caller Caller(this HttpContext context) => context.Features.Get<Caller>() ?? Credentials.Anybody;

    /// <summary>Whose campaigns it may name.</summary>
    public static string Tenant(this HttpContext context) => context.Caller().Tenant;
}
