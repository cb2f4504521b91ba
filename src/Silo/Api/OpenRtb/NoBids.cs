using System.Text.Json;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>What the standard and the header call them.</summary>
internal static class NoBids
{
    /// <summary>The code of the list that OpenRTB 2.6 refers to (No-Bid Reason Codes of OpenRTB 3.0); null where none of it is true.</summary>
    public static int? CodeOf(NoBid reason) => reason switch
    {
        NoBid.Away => 1,
        NoBid.Invalid => 2,
        NoBid.Late => 15,
        _ => null,
    };

    public static string NameOf(NoBid reason) => JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
}
