using System.Collections.Immutable;
using System.Globalization;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>
/// Finds figures in digits and, before a unit, in words. Two figures are the same when value and unit are: "30 days", "30-day",
/// « 30 jours », "thirty days".
/// </summary>
internal sealed class Figures(Folded text, ImmutableArray<Term> terms)
{
    public const string FirstRank = "best";

    private const int EarliestYear = 1900;
    private const int LatestYear = 2099;

    /// <summary>Digits of a number; a longer one is its own digits.</summary>
    private const int MostDigits = 15;

    public IEnumerable<Assertion> Find()
    {
        for (var i = 0; i < terms.Length - 1;)
        {
            var (value, next, isWritten) = terms[i].IsNumber ? ReadDigits(i) : ReadWords(i);
            if (value is null)
            {
                i++;
                continue;
            }
            if (Assert(i, next, value, isWritten) is { } assertion)
                yield return assertion;
            i = next;
        }
    }

    private Assertion? Assert(int first, int next, string value, bool isWritten)
    {
        var (unit, end) = Units.After(terms, next);
        if (unit.Length == 0)
            unit = Units.Currency(terms[first].Before, fromEnd: true);
        if (value == "1" && !isWritten && IsRank(first))
            return new Assertion(AssertionKind.Promise, FirstRank, text.Original(terms[Math.Max(0, first - 1)].First, terms[next - 1].End));
        if (isWritten && (unit is "" or Units.Times || value == "1"))
            return null;
        if (IsName(first, unit) || terms[first].Before.EndsWith('<') || (unit.Length == 0 && IsOrdinal(next)))
            return null;
        if (unit.Length == 0 && next == first + 1 && IsYear(first))
            return new Assertion(AssertionKind.Year, value, Quote(first, end));
        var (qualifier, from) = Qualifiers.Before(terms, first);
        return new Assertion(AssertionKind.Figure, unit.Length == 0 ? value : $"{value} {unit}", Quote(from, end), qualifier);
    }

    /// <summary>From a term to before another, with the marks that belong to the figure.</summary>
    private string Quote(int first, int end) => text.Original(terms[first].First, terms[end].First).TrimEnd(' ', '.', ',', ';', ':', '!', '?', '…', '-');

    /// <summary>Digits with their separators: 1,000 and 1 000 and 1.000 are a thousand; 49,90 and 49.90 are less than fifty.</summary>
    private (string? Value, int Next, bool IsWritten) ReadDigits(int i)
    {
        var digits = terms[i].Text;
        var fraction = "";
        var next = i + 1;
        while (terms[next].IsNumber && terms[next].Text.Length == 3 && digits.Length <= MostDigits && digits[0] != '0' && IsGroup(next, digits))
            digits += terms[next++].Text;
        if (terms[next].IsNumber && terms[next].Before is "." or "," && IsTight(next))
            fraction = terms[next++].Text.TrimEnd('0');
        var whole = digits.TrimStart('0');
        return ($"{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : ".")}{fraction}", next, false);
    }

    private bool IsGroup(int next, string digits) =>
        terms[next].Before is "" or "." or "," or "'" && IsTight(next, mostSpaces: terms[next].Before.Length == 0 ? 1 : 0)
        && (digits.Length <= 3 || terms[next - 1].Text.Length == 3);

    /// <summary>True where nothing but the mark, and at most so many spaces, is between a term and the one before.</summary>
    private bool IsTight(int at, int mostSpaces = 0) => terms[at].First - terms[at - 1].End <= terms[at].Before.Length + mostSpaces;

    /// <summary>Numbers in words. Those without a unit, and one, are words like others.</summary>
    private (string? Value, int Next, bool IsWritten) ReadWords(int i)
    {
        var (total, current, next) = (0L, 0L, i);
        while (next < terms.Length - 1 && (next == i || !terms[next].BeginsClause) && NumberWords.ValueOf(terms[next].Text) is { } value)
        {
            if (value >= 1_000)
                (total, current) = (total + Math.Max(1, current) * value, 0);
            else if (value == 100 || (value == 20 && current == 4))
                current = Math.Max(1, current) * value;
            else
                current += value;
            next++;
            if (total > 1_000_000_000_000)
                break;
        }
        return next == i ? (null, i + 1, true) : ((total + current).ToString(CultureInfo.InvariantCulture), next, true);
    }

    /// <summary>"#1", "n° 1", "no. 1", "number 1", « numéro 1 », "top 1".</summary>
    private bool IsRank(int at)
    {
        if (terms[at].Before.EndsWith('#') || terms[at].Before.EndsWith('№'))
            return true;
        return at > 0 && terms[at - 1].Text switch
        {
            "n" => terms[at].Before.Length > 0,
            "no" or "nr" => terms[at].Before is "" or "." or "º" or "°",
            "number" or "numero" or "num" or "top" or "rank" or "rang" => !terms[at].BeginsClause,
            _ => false,
        };
    }

    /// <summary>3D, 4K, 5G are names (and &lt;3 is a heart). So are B12 and MP3, where no unit follows the digits that a letter touches.</summary>
    private bool IsName(int at, string unit) =>
        (terms[at].Text.Length == 1 && terms[at + 1] is { IsGlued: true, Text: "d" or "k" or "g" }) || (terms[at].IsGlued && !Units.IsKnown(unit));

    private bool IsOrdinal(int next) => terms[next].IsGlued && Units.IsOrdinal(terms[next].Text);

    /// <summary>A year says when. "Since 1998" says how long, which is a claim.</summary>
    private bool IsYear(int at) =>
        terms[at].Text.Length == 4 && int.Parse(terms[at].Text, CultureInfo.InvariantCulture) is >= EarliestYear and <= LatestYear
        && !(at > 0 && terms[at - 1].Text is "since" or "depuis" or "established" or "founded" or "fondee" or "fonde");
}
