namespace Flywheel.Silo.Api.Access;

/// <summary>What the id in a route is of; a campaign where a route does not say.</summary>
/// <param name="Name">For people: <c>webhook</c>.</param>
internal sealed record IdKind(string Name)
{
    public static readonly IdKind Campaign = new("campaign");
}
