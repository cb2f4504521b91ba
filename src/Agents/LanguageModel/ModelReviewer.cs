using System.Collections.Immutable;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// Has a language model look for problems in candidates. What it says can only add findings: its form has no approval, and a candidate that
/// talks it round loses it a finding and no guardrail.
/// </summary>
public sealed class ModelReviewer(ModelEndpoint endpoint) : IMessageReviewer
{
    public WritingUsage MostUsage => endpoint.MostUsage(withTools: false);

    public async Task<ReviewResult> ReviewAsync(ReviewRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var question = new ModelQuestion(ModelRules.Reviewer, ModelData.Of(request), FindingForm.Name, FindingForm.Schema(), []);
        var answer = await endpoint.AskAsync(question, cancellationToken);
        var nothing = new ReviewResult { Findings = [.. request.Candidates.Select(_ => ImmutableArray<ReviewFinding>.Empty)], Usage = answer.Usage, Failure = answer.Failure };
        if (answer.Text is not { } text)
            return nothing;
        try
        {
            return nothing with { Findings = FindingForm.Read(text, request.Candidates.Length) };
        }
        catch (ModelCallException e)
        {
            return nothing with { Failure = e.Failure };
        }
    }
}
