using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Flywheel.Silo.Tests.Access;

/// <summary>An engine that ends TLS itself.</summary>
public sealed class HttpsTests
{
    [Fact]
    public async Task Certificate_OfItsOwn_IsServedOverTodaysTlsAlone()
    {
        using var folder = new TempFolder();
        var thumbprint = WriteCertificate(folder);
        await using var engine = await EngineProcess.StartAsync(
            folder, "--urls", "https://127.0.0.1:0", "--certificate", Path.Combine(folder.Path, "cert.pem"), "--certificate-key", Path.Combine(folder.Path, "key.pem"));
        var url = engine.Api.Http.BaseAddress!;

        foreach (var (offered, spoken) in new[] { (SslProtocols.None, SslProtocols.Tls13), (SslProtocols.Tls12, SslProtocols.Tls12) })
        {
            await using var stream = await ConnectAsync(url);
            await stream.AuthenticateAsClientAsync(Offering(offered), TestContext.Current.CancellationToken);
            Assert.Equal(spoken, stream.SslProtocol);
            Assert.Equal(thumbprint, stream.RemoteCertificate!.GetCertHashString());
        }
#pragma warning disable SYSLIB0039, CA5397 // What is refused is offered on purpose.
        await using (var old = await ConnectAsync(url))
            await Assert.ThrowsAnyAsync<Exception>(() => old.AuthenticateAsClientAsync(Offering(SslProtocols.Tls11), TestContext.Current.CancellationToken));
#pragma warning restore SYSLIB0039, CA5397
        using var handler = new SocketsHttpHandler { SslOptions = Offering(SslProtocols.None) };
        using var http = new HttpClient(handler) { BaseAddress = url };
        using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(["max-age=31536000"], answer.Headers.GetValues("Strict-Transport-Security"));
    }

    private static async Task<SslStream> ConnectAsync(Uri url)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        return new SslStream(client.GetStream());
    }

    /// <summary>Nobody vouches for the certificate: the caller compares it.</summary>
    private static SslClientAuthenticationOptions Offering(SslProtocols protocols) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = protocols,
#pragma warning disable CA5359
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private static string WriteCertificate(TempFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder.Path, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.Path, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate.GetCertHashString();
    }
}
