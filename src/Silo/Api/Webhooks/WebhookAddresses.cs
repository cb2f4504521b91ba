using System.Net;
using System.Net.Sockets;

namespace Flywheel.Silo.Api.Webhooks;

/// <summary>
/// Where webhooks may go: to addresses that are reached from the internet (those that IANA's registries of special-purpose addresses, RFC 6890, do not
/// take out), and to those that were allowed by name.
/// </summary>
/// <param name="allowed">Private networks that may be spoken to.</param>
internal sealed class WebhookAddresses(IReadOnlyList<IPNetwork> allowed)
{
    private const int EmbeddedAt = 12;

    private static readonly IPNetwork[] Special =
    [
        // This network, private, shared by carriers, loopback, link-local (with the clouds' metadata), protocols, documentation, 6to4 relays, benchmarks,
        // multicast, reserved and broadcast.
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Of 2000::/3: protocols with Teredo, documentation, 6to4, which has an IPv4 address in it.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(IPNetwork.Parse),
    ];

    /// <summary>All of IPv6 that is handed out for the internet: loopback, link-local, unique local and multicast are outside.</summary>
    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    /// <summary>RFC 6052: the IPv4 address that is in the end of it.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public bool Allow(IPAddress address)
    {
        var plain = Plain(address);
        return allowed.Any(network => network.Contains(plain))
            || (!Special.Any(network => network.Contains(plain)) && (plain.AddressFamily == AddressFamily.InterNetwork || Unicast.Contains(plain)));
    }

    /// <summary>Whether it can be seen without asking for the name's addresses that a host may not be spoken to.</summary>
    public bool Refuse(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? !Allow(address)
        : (host.TrimEnd('.').ToLowerInvariant() is var name && (name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal))) && !Allow(IPAddress.Loopback) && !Allow(IPAddress.IPv6Loopback);

    /// <summary>The IPv4 address where there is one within.</summary>
    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(EmbeddedAt))
        : address;
}
