using System.Net;
using System.Net.Sockets;

namespace Flywheel.Faults.Processes;

/// <summary>
/// Ports for silos, below those that the system gives to outgoing connections: a silo comes back on the port it had, and nobody
/// may have taken it meanwhile.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Many = 12_000;

    private static int _next = Environment.ProcessId * 101 % Many;

    public static int Free()
    {
        while (true)
        {
            var port = First + Interlocked.Increment(ref _next) % Many;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one, then.
            }
        }
    }
}
