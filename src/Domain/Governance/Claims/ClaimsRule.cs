using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>
/// Copy promises nothing that the brief doesn't: figures, superlatives and promises need a claim (or a mustSay) that says the same, in French
/// or English. What the brand's own name says is no claim.
/// </summary>
internal sealed class ClaimsRule : IGuardrail
{
    private const string Right = "promises of the brief's claims alone";

    public string Name => "claims";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        var brand = Folded.Of(inspection.Brief?.Brand ?? "").Words;
        var claims = Claims(inspection.Brief).ToLookup(claim => claim.Key, StringComparer.Ordinal);
        var unbacked = inspection.Copy
            .SelectMany(passage => AssertionsOf(passage.Folded, brand).Select(assertion => (passage.Field, Assertion: assertion, Doubt: DoubtOf(assertion, claims))))
            .Where(found => found.Doubt is not null)
            .OrderBy(found => IsGrave(found.Assertion) ? 0 : 1);
        foreach (var (field, assertion, doubt) in unbacked)
        {
            var came = $"{FindingList.Quote(assertion.Quote)}, which {doubt}";
            if (IsGrave(assertion))
                findings.Block(field, came, Right);
            else
                findings.Warn(field, came, Right);
        }
    }

    private static bool IsGrave(Assertion assertion) => assertion.Kind is AssertionKind.Figure or AssertionKind.Promise;

    private static IEnumerable<Assertion> Claims(Brief? brief) =>
        brief is null ? [] : brief.Claims.Concat(brief.MustSay).SelectMany(claim => AssertionsOf(Folded.Of(claim), []));

    private static IEnumerable<Assertion> AssertionsOf(Folded text, ImmutableArray<string> brand)
    {
        var terms = Without(Term.Of(text), brand);
        return new Figures(text, terms).Find().Concat(new Promises(text, terms).Find());
    }

    /// <summary>What is wrong with an assertion; null where a claim backs it.</summary>
    private static string? DoubtOf(Assertion assertion, ILookup<string, Assertion> claims)
    {
        var same = claims[assertion.Key];
        if (!same.Any())
            return "no claim of the brief backs";
        return same.Any(claim => Qualifiers.Allows(claim.Qualifier, assertion.Qualifier)) ? null : $"says more than the brief's {FindingList.Quote(same.First().Quote)}";
    }

    /// <summary>The terms with the brand's name cut out; what is behind it begins a clause.</summary>
    private static ImmutableArray<Term> Without(ImmutableArray<Term> terms, ImmutableArray<string> brand)
    {
        if (brand.IsEmpty)
            return terms;
        var kept = ImmutableArray.CreateBuilder<Term>(terms.Length);
        for (var i = 0; i < terms.Length;)
        {
            if (i + brand.Length < terms.Length && brand.Select((word, k) => terms[i + k].Text == word).All(same => same))
            {
                i += brand.Length;
                kept.Add(terms[i] with { Before = $",{terms[i].Before}", IsGlued = false });
                i++;
            }
            else
            {
                kept.Add(terms[i++]);
            }
        }
        return kept.ToImmutable();
    }
}
