using Flywheel.Decisions;
using Flywheel.Domain.Access;

namespace Flywheel.Silo.Api.Access;

/// <summary>Who may call a route. Where it says nothing, reading takes the role <c>read</c> and all else <c>operate</c>.</summary>
/// <param name="Role">Any of these is enough; <see cref="Role.None"/> for anybody at all.</param>
internal sealed record AccessRule(Role Role)
{
    /// <summary>It tells of the engine as a whole, not of one tenant: for keys of the tenant <c>default</c> alone.</summary>
    public bool IsEngineWide { get; init; }

    /// <summary>Pages of any site may send it: it carries its own proof, and a browser's cookie adds nothing to it.</summary>
    public bool IsForAnySite { get; init; }

    /// <summary>The rule of a route that has none of its own.</summary>
    public static AccessRule Of(HttpContext context, Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<AccessRule>() ?? (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? Reading : Changing);

    public bool Allows(Caller caller) => (Role & caller.Role) != 0 && (!IsEngineWide || caller.Tenant == CampaignKeys.DefaultTenant);

    /// <summary>What it takes, for people.</summary>
    public override string ToString() =>
        IsEngineWide ? $"admin of the tenant {CampaignKeys.DefaultTenant}" : string.Join(" or ", Roles.Names.Where(name => (Roles.Named(name) & Role) != 0));

    private static readonly AccessRule Reading = new(Role.Read);
    private static readonly AccessRule Changing = new(Role.Operate);
}
