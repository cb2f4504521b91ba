namespace Flywheel.Silo.Hosting;

/// <summary>Whose JSON Web Tokens are taken.</summary>
/// <param name="Issuer">The claim <c>iss</c>, exactly.</param>
/// <param name="Audience">The claim <c>aud</c>, exactly.</param>
/// <param name="Keys">The file of the issuer's public keys, a JWK set; read again when it changes.</param>
/// <param name="Algorithm">The one algorithm they are signed with.</param>
/// <param name="RequestsPerSecond">Requests a second of one subject at each silo; null for no limit.</param>
public sealed record JwtOptions(string Issuer, string Audience, string Keys, string Algorithm, int? RequestsPerSecond = null);
