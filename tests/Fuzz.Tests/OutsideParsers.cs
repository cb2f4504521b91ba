using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Webhooks;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.CloudEvents;
using Flywheel.Silo.Api.Ofrep;
using Flywheel.Silo.Api.OpenRtb;
using Flywheel.Silo.Api.Policies;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Flywheel.Fuzz.Tests;

/// <summary>Parsers of what others have specified: CloudEvents, OFREP, OpenRTB, JSON Web Tokens and their keys, and what operators send.</summary>
internal static class OutsideParsers
{
    private const int MaxErrorChars = 4_000;

    private const string Claims = """{"iss":"https://id.example","aud":["flywheel","other"],"exp":32503680000,"sub":"user-1","tenant":"acme","role":"operate"}""";

    private static readonly JwtOptions Jwt = new("https://id.example", "flywheel", "jwks.json", "ES256", 100);

    /// <summary>The same in each run, so that an input means the same.</summary>
    private static readonly ECDsa Key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = [.. Enumerable.Range(1, 32).Select(i => (byte)i)] });

    private static readonly byte[] Header = """{"alg":"ES256","kid":"k1","typ":"JWT"}"""u8.ToArray();

    /// <summary>Header and claims as above, and one of the signatures that they can have.</summary>
    public static readonly byte[] Token = Encoding.ASCII.GetBytes($"{Base64UrlEncoder.Encode(Header)}.{Base64UrlEncoder.Encode(Claims)}.cNoCzyOJM488bjKBVHt5l_ZLeJVc0MznCQTwJlkzXa0arzKy-UklVkwADsCr_iJ3RTh353XbWVtRJLNw80zv_g");

    private static readonly byte[] KeySet = MakeKeySet();

    public static readonly BearerTokens Bearers = MakeBearers();

    public static readonly byte[][] Events = Utf8(
        """{"specversion":"1.0","id":"e-1","source":"/crm","type":"click","time":"2026-05-04T10:00:00Z","datacontenttype":"application/json","data":{"campaign":"spring","modules":{"headline":"h2"},"type":"click","count":12}}""",
        """{"data":{"decisionId":"AS8dAAAAAA","type":"impression"},"more":[1,{"a":null}],"type":"x","sourc\u0065":"urn:a","id":"\u0065","specversion":"1.0"}""");

    /// <summary>A header a line, then the body.</summary>
    private static readonly byte[][] BinaryEvents = Utf8(
        "1.0\ne-1\n/crm\nclick\n2026-05-04T10:00:00Z\n{\"campaign\":\"spring\",\"modules\":{\"headline\":\"h2\"},\"type\":\"click\"}",
        "1.0\ne-1\nurn:a\nclick\n\n{\"decisionId\":\"AS8dAAAAAA\",\"type\":\"impression\",\"time\":\"2026-05-04T10:00:00Z\"}");

    public static readonly byte[][] Contexts = Utf8(
        """{"context":{"targetingKey":"user-1","age":24,"city":"Lyon","channel":"email","more":{"a":[1,2]}}}""", """{"other":[{}],"cont\u0065xt":{"targeting\u004bey":"us\u0065r"}}""");

    private static readonly byte[][] BidRequests = Utf8(
        """{"id":"r1","tmax":200,"user":{"id":"u1"},"imp":[{"id":"1","native":{"request":{"assets":[{"id":1,"required":1,"title":{"len":25}},{"id":2,"img":{"type":3,"wmin":600}},{"id":3,"data":{"type":1,"len":25}}],"eventtrackers":[{"event":1,"methods":[1]}]}}}]}""",
        """{"id":"r2","imp":[{"id":"1","bidfloor":0.5,"native":{"request":"{\"native\":{\"ver\":\"1.2\",\"assets\":[{\"id\":1,\"title\":{\"len\":90}}]}}"}}],"device":{"lmt":1,"geo":{"city":"Lyon"}},"bcat":["IAB1"]}""");

    private static readonly byte[][] Webhooks = Utf8(
        """{"url":"https://hooks.example.com/flywheel","events":["proposal.waiting","campaign.degraded"],"campaigns":["spring"],"enabled":true}""", """{"url":"http://[::1]:9000/"}""");

    private static readonly byte[][] Rollbacks = Utf8("""{"to":"2026-05-04T09:55:00Z","segment":"young-urban"}""", """{"t\u006f":"2026-05-04T09:55:00.123+02:00"}""");

    public static IEnumerable<Parser> All() =>
    [
        new("cloud-event", Events, json => CheckEvent(CloudEvent.Read(json, out var signal), signal)),
        new("cloud-event-headers", BinaryEvents, CheckBinaryEvent),
        new("ofrep", Contexts, CheckOfrep),
        new("jwt", [Token], CheckToken),
        new("jwt-signed", [Encoding.UTF8.GetBytes(Claims)], claims => CheckToken(Sign(claims))),
        new("jwt-header-signed", [Header], header => CheckToken(Sign(Encoding.UTF8.GetBytes(Claims), header))),
        new("jwk-set", [KeySet], CheckKeySet),
        new("openrtb", BidRequests, CheckBidRequest),
        new("webhook", Webhooks, CheckWebhook),
        new("rollback", Rollbacks, CheckRollback),
    ];

    public static void CheckEvent(string? error, in RawSignal signal)
    {
        if (error is not null)
        {
            Assert.InRange(error.Length, 1, MaxErrorChars);
            return;
        }
        Assert.InRange(signal.Id.Length, 0, Math.Max(SignalIntake.MaxIdBytes, RawSignal.MaxBytes));
        Assert.True(!signal.Id.IsEmpty || (!signal.DecisionId.IsEmpty && signal.Type.SequenceEqual("impression"u8)), "an event that can be counted twice was read");
        Assert.True(signal.Value is null or (>= 0 and <= double.MaxValue));
        Assert.True(signal.Count is null or (>= 1 and <= SignalIntake.MaxCount));
        if (!signal.Modules.IsEmpty)
            JsonDocument.Parse(signal.Modules.ToArray()).Dispose();
    }

    private static void CheckBinaryEvent(byte[] input)
    {
        var headers = new HeaderDictionary();
        var rest = input.AsSpan();
        foreach (var name in (string[])["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time"])
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                break;
            // As Kestrel reads headers; an empty one is one that is not there.
            if (end > 0)
                headers[name] = Encoding.Latin1.GetString(rest[..end]);
            rest = rest[(end + 1)..];
        }
        CheckEvent(CloudEvent.Read(headers, isEncoded: true, rest, out var signal), signal);
    }

    private static void CheckBidRequest(byte[] body)
    {
        if (BidRequest.Read(body, out var error) is null)
            AssertError(error);
    }

    private static void CheckWebhook(byte[] body)
    {
        if (WebhookReader.Read(body, out var errors) is not null)
            return;
        Assert.NotEmpty(errors);
        Assert.All(errors, AssertError);
    }

    private static void CheckRollback(byte[] body)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Samples.AtMs);
        if (RollbackReader.Read(body, now, out var error) is { } request)
            Assert.True(request.To <= now);
        else
            AssertError(error);
    }

    private static void AssertError(FieldError? error) => Assert.InRange($"{error!.Field} {error.Came} {error.Expected}".Length, 3, MaxErrorChars);

    private static void CheckOfrep(byte[] body)
    {
        if (OfrepContext.Read(body, out var error) is not { } context)
        {
            Assert.InRange(error!.ErrorDetails.Length, 1, MaxErrorChars);
            Assert.Contains(error.ErrorCode, (string[])[OfrepError.InvalidContext, OfrepError.TargetingKeyMissing, OfrepError.ParseError]);
            return;
        }
        Assert.Null(error);
        Assert.NotEmpty(context.TargetingKey);
        // The engine goes on with both: as a unit, and as what segments go by.
        using var read = JsonDocument.Parse(context.Json, new JsonDocumentOptions { MaxDepth = 1_000 });
        Assert.Equal(JsonValueKind.Object, read.RootElement.ValueKind);
        Parsers.CheckContext(context.Json);
    }

    /// <summary>Nothing of what is not signed may be believed, and nothing that is signed may be a tenant or a role that there is not.</summary>
    private static void CheckToken(byte[] text)
    {
        if (Bearers.FindAsync(Encoding.Latin1.GetString(text)).AsTask().GetAwaiter().GetResult() is not { } caller)
            return;
        Assert.True(CampaignKeys.IsTenant(caller.Tenant));
        Assert.NotEqual(Role.None, caller.Role);
        Assert.Equal(Roles.Named(caller.RoleName), caller.Role);
        Assert.True(caller.ExpiresAt > DateTimeOffset.UnixEpoch);
        Assert.InRange(caller.LimitedAs.Length, 1, 16);
    }

    private static void CheckKeySet(byte[] json)
    {
        var bearers = new BearerTokens(Jwt);
        try
        {
            bearers.Take(json);
        }
        catch (FormatException e)
        {
            Assert.InRange(e.Message.Length, 1, MaxErrorChars);
            return;
        }
        // Whatever keys those are, a token is believed or not, without a fault.
        _ = bearers.FindAsync(Encoding.ASCII.GetString(Sign(Encoding.UTF8.GetBytes(Claims)))).AsTask().GetAwaiter().GetResult();
    }

    private static byte[] Sign(byte[] claims) => Sign(claims, Header);

    private static byte[] Sign(byte[] claims, byte[] header)
    {
        var text = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(claims)}";
        return Encoding.ASCII.GetBytes($"{text}.{Base64UrlEncoder.Encode(Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}");
    }

    private static byte[] MakeKeySet()
    {
        var point = Key.ExportParameters(includePrivateParameters: false).Q;
        return Encoding.ASCII.GetBytes($$"""{"keys":[{"kty":"EC","use":"sig","alg":"ES256","kid":"k1","crv":"P-256","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}]}""");
    }

    private static BearerTokens MakeBearers()
    {
        var bearers = new BearerTokens(Jwt);
        bearers.Take(KeySet);
        return bearers;
    }

    private static byte[][] Utf8(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
