using System.Collections.Immutable;
using Flywheel.Agents.Writing;
using Microsoft.SemanticKernel;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// Has a language model write candidates. What the model gets is data quoted as JSON, what it gives is data read by a strict schema: it can
/// neither be talked into, nor talk this engine into, anything but texts and attributes for the slot. Whether the texts may be shown is
/// for guardrails and people to say.
/// </summary>
public sealed class ModelWriter(ModelEndpoint endpoint) : IMessageWriter
{
    public string Name => endpoint.Model;

    public WritingUsage MostUsage => endpoint.MostUsage(withTools: true);

    public async Task<WritingResult> WriteAsync(WritingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (SlotText.Of(request.Slot, out var refusal) is not { } slot)
            return new WritingResult { Writer = WriterKind.Model, Note = refusal };
        var form = new CandidateForm(request, slot);
        var tools = endpoint.OffersTools ? Tools(request) : [];
        var question = new ModelQuestion(ModelRules.Writer, ModelData.Of(request, withFigures: tools.IsEmpty), CandidateForm.Name, form.Schema(), tools);
        var answer = await endpoint.AskAsync(question, cancellationToken);
        if (answer.Text is not { } text)
            return Failed(answer.Usage, answer.Failure!);
        try
        {
            return Written(request, slot, form.Read(text), answer.Usage);
        }
        catch (ModelCallException e)
        {
            return Failed(answer.Usage, e.Failure);
        }
    }

    private static WritingResult Written(WritingRequest request, SlotText slot, ImmutableArray<Candidate> candidates, WritingUsage usage)
    {
        var read = slot.Texts.Select(Folding.Letters).ToHashSet(StringComparer.Ordinal);
        var fresh = candidates.Where(candidate => read.Add(Folding.Letters(SlotText.TextOf(candidate.Content)!)) && !request.Spent.Contains(candidate.Content.Hash)).ToImmutableArray();
        return new WritingResult
        {
            Writer = WriterKind.Model,
            Candidates = fresh,
            Usage = usage,
            Note = fresh.Length == request.Candidates ? null : $"the model wrote {candidates.Length} texts, {fresh.Length} of them new; {request.Candidates} were asked for",
        };
    }

    private static WritingResult Failed(WritingUsage usage, WritingFailure failure) => new() { Writer = WriterKind.Model, Usage = usage, Failure = failure };

    private static ImmutableArray<KernelFunction> Tools(WritingRequest request) =>
    [
        KernelFunctionFactory.CreateFromMethod(() => ModelData.Brief(request), "brief", "The campaign's brief."),
        KernelFunctionFactory.CreateFromMethod(() => ModelData.Scores(request), "scores", "How the slot's modules resonate."),
        KernelFunctionFactory.CreateFromMethod(() => ModelData.Resonance(request), "whatResonates", "How attributes (angle, tone, format) resonate."),
    ];
}
