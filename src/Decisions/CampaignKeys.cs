using System.Text;

namespace Flywheel.Decisions;

/// <summary>
/// What a campaign is known by within the engine, in its store and in decision tokens: its tenant, a colon and its id, such as
/// <c>acme:spring</c>. Campaigns of the tenant <c>default</c> go by their id alone, as they do where there are no tenants. A tenant sees ids.
/// </summary>
public static class CampaignKeys
{
    public const string DefaultTenant = "default";
    public const int MaxTenantLength = 32;
    public const int MaxLength = MaxTenantLength + 1 + Ids.MaxLength;

    private const char Separator = ':';

    /// <summary>Whether this can be the name of a tenant: <c>[a-z0-9-]{1,32}</c>.</summary>
    public static bool IsTenant(ReadOnlySpan<char> name) => name.Length <= MaxTenantLength && Ids.IsValid(name);

    /// <param name="tenant">See <see cref="IsTenant"/>.</param>
    /// <param name="id">See <see cref="Ids"/>.</param>
    public static string Of(string tenant, string id) => tenant == DefaultTenant ? id : $"{tenant}{Separator}{id}";

    /// <summary>As <see cref="Of"/>, of an id that has not been checked, without a text of its own.</summary>
    /// <param name="tenant">See <see cref="IsTenant"/>.</param>
    /// <param name="utf8Id">What may be an id.</param>
    /// <param name="room">Of <see cref="MaxLength"/>.</param>
    /// <returns>The key, in <paramref name="room"/>; empty where this is no id.</returns>
    public static ReadOnlySpan<char> Write(string tenant, ReadOnlySpan<byte> utf8Id, Span<char> room)
    {
        if (utf8Id.Length is 0 or > Ids.MaxLength)
            return default;
        var before = 0;
        if (tenant != DefaultTenant)
        {
            tenant.CopyTo(room);
            room[tenant.Length] = Separator;
            before = tenant.Length + 1;
        }
        var id = room.Slice(before, Encoding.UTF8.GetChars(utf8Id, room[before..]));
        return Ids.IsValid(id) ? room[..(before + id.Length)] : default;
    }

    /// <summary>The id as its tenant knows it.</summary>
    public static string IdOf(string key) => key[(key.IndexOf(Separator, StringComparison.Ordinal) + 1)..];

    public static ReadOnlySpan<char> TenantOf(ReadOnlySpan<char> key) => key.IndexOf(Separator) is >= 0 and var at ? key[..at] : DefaultTenant;
}
