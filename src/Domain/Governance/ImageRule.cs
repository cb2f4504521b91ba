using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>
/// An image is fetched over https from a public host by name, and says in words what it shows. Any content's <c>url</c> is held to the same.
/// Host names are not resolved: a public name that leads to a private address passes.
/// </summary>
internal sealed class ImageRule : IGuardrail
{
    private const string Https = "https://";
    private const string Expected = "an https URL of a public host, such as https://images.example.com/a.jpg";

    /// <summary>Ends of names that no public server has: RFC 2606, 6761, 6762, 7686 and 8375, and what local networks use.</summary>
    private static readonly ImmutableArray<string> PrivateSuffixes =
        ["localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "in-addr.arpa", "ip6.arpa", "test", "invalid", "onion"];

    /// <summary>Services of names with an address in them answer with that address, private ones included.</summary>
    private static readonly Regex AddressInName = new(@"(^|[.-])[0-9]{1,3}[.-][0-9]{1,3}[.-][0-9]{1,3}[.-][0-9]{1,3}([.-]|$)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly Regex FileName = new(@"^\S*\.(jpe?g|png|gif|webp|avif|svg|bmp|tiff?)$|^(img|dsc|dscn|image|photo)[_ -]?[0-9]+$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public string Name => "image";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        var addresses = inspection.Passages.Where(passage => passage.Kind == PassageKind.Address).ToArray();
        foreach (var address in addresses)
        {
            if (WhatIsWrong(address.Text) is { } wrong)
                findings.Block(address.Field, wrong, Expected);
        }
        if (!inspection.IsImage)
            return;
        if (addresses.Length == 0)
            findings.Block(PassageReader.UrlField, "nothing", Expected);
        InspectAlt(inspection, findings);
    }

    private static void InspectAlt(Inspection inspection, FindingList findings)
    {
        const string Right = "words that say what the image shows";
        var alt = inspection.Copy.FirstOrDefault(passage => passage.Field == PassageReader.AltField && !passage.IsNumber);
        if (alt is null || string.IsNullOrWhiteSpace(alt.Text))
            findings.Block(PassageReader.AltField, "nothing", Right);
        else if (!alt.Folded.Glyphs.Any(glyph => glyph.Kind == GlyphKind.Letter))
            findings.Block(PassageReader.AltField, $"{FindingList.Quote(alt.Text)}, no word", Right);
        else if (FileName.IsMatch(alt.Text.Trim()))
            findings.Warn(PassageReader.AltField, $"{FindingList.Quote(alt.Text)}, a file's name", Right);
    }

    private static string? WhatIsWrong(string url)
    {
        if (url.Length == 0)
            return "nothing";
        if (url.Length > Limits.TextLength)
            return $"{url.Length} characters";
        var quoted = FindingList.Quote(url);
        if (!url.StartsWith(Https, StringComparison.OrdinalIgnoreCase))
            return $"{quoted}, not https";
        if (url.Any(sign => sign is <= ' ' or >= '\u007F' or '\\' or '<' or '>' or '"' or '\'' or '`' or '{' or '}'))
            return $"{quoted} with a character that has no place in a URL (write it percent-encoded, a host in Punycode)";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
            return $"{quoted}, no URL";
        if (parsed.UserInfo.Length > 0)
            return $"{quoted} with a user name";
        return HostIsPublic(parsed) ? null : $"{quoted}, whose host is an address or not a public name";
    }

    private static bool HostIsPublic(Uri url)
    {
        var host = url.Host.TrimEnd('.').ToLowerInvariant();
        return url.HostNameType == UriHostNameType.Dns
            && host.Contains('.', StringComparison.Ordinal)
            && !PrivateSuffixes.Any(suffix => host == suffix || host.EndsWith($".{suffix}", StringComparison.Ordinal))
            && !AddressInName.IsMatch(host)
            && !char.IsAsciiDigit(host[^1]);
    }
}
