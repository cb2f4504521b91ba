using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Flywheel.Silo.Hosting;

/// <summary>What the engine shows on https addresses.</summary>
internal static class ServerCertificate
{
    /// <param name="path">PEM.</param>
    /// <param name="keyPath">PEM; null where the key is in the same file.</param>
    /// <exception cref="StartupException">It cannot be read as a certificate with its private key.</exception>
    public static X509Certificate2 Load(string path, string? keyPath)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--certificate {path}: {e.Message}", e);
        }
    }
}
