using Flywheel.Domain.Access;

namespace Flywheel.Silo.Api.Access;

/// <summary>Says who may call a route.</summary>
internal static class AccessRules
{
    /// <summary>For what ad servers need.</summary>
    public static T ForServing<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.Serve));

    /// <summary>For clients that decide locally, and for people who look at what they decide from.</summary>
    public static T ForServingAndReading<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.Serve | Role.Read));

    /// <summary>For those who read, where reading is no GET; what changes something there asks for more by itself.</summary>
    public static T ForReading<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.Read));

    /// <summary>For people who change things, even where it only reads.</summary>
    public static T ForOperating<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.Operate));

    /// <summary>For those who run the engine.</summary>
    public static T ForTheEngine<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.Admin) { IsEngineWide = true });

    /// <summary>For anybody: it tells nothing of a tenant.</summary>
    public static T ForAnybody<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.None));

    /// <summary>For pages of any site: what it takes is signed.</summary>
    public static T ForAnySite<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Role.None) { IsForAnySite = true });
}
