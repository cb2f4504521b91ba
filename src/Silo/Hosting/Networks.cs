using System.Net;

namespace Flywheel.Silo.Hosting;

/// <summary>Networks as people write them: <c>10.0.0.0/8</c>, or one address.</summary>
internal static class Networks
{
    public static bool IsOne(string text) => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _);

    /// <exception cref="FormatException">It is none.</exception>
    public static IPNetwork Of(string text) =>
        IPNetwork.TryParse(text, out var network) ? network : IPAddress.Parse(text) is var address ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : default;
}
