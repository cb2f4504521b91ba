using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>An impression of a bid request (OpenRTB 2.6, 3.2.4).</summary>
/// <param name="Id">By which it is answered.</param>
internal sealed record Impression(string Id)
{
    public const string DefaultCurrency = "USD";

    public string? Tag { get; init; }

    /// <summary>The least price of a thousand, and its currency.</summary>
    public double Floor { get; init; }
    public string FloorCurrency { get; init; } = DefaultCurrency;

    /// <summary>Whether every address has to be https.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Whether it is sold under deals alone.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>What it asks for; null where it is not offered as native, or <see cref="Wrong"/> says why that cannot be read.</summary>
    public NativeRequest? Native { get; init; }

    public FieldError? Wrong { get; init; }

    public static Impression Read(JsonElement impression, string path, MemberReader reader)
    {
        var own = new MemberReader();
        var native = reader.Object(impression, path, "native") is { } offered ? NativeRequest.Read(offered, MemberReader.Join(path, "native"), own) : null;
        return new Impression(reader.RequiredText(impression, path, "id"))
        {
            Tag = reader.Text(impression, path, "tagid"),
            Floor = reader.Number(impression, path, "bidfloor") ?? 0,
            FloorCurrency = reader.Text(impression, path, "bidfloorcur") ?? DefaultCurrency,
            IsSecure = reader.Flag(impression, path, "secure"),
            IsPrivate = reader.Flag(reader.Object(impression, path, "pmp"), MemberReader.Join(path, "pmp"), "private_auction"),
            Native = native,
            Wrong = own.Error,
        };
    }
}
