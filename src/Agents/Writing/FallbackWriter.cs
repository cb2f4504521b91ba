namespace Flywheel.Agents.Writing;

/// <summary>
/// Asks a language model, and where it fails a writer that cannot: what was asked for comes all the same, and says who wrote it. A model that
/// answered and had nothing new to offer did not fail.
/// </summary>
public sealed class FallbackWriter(IMessageWriter model, IMessageWriter other) : IMessageWriter
{
    public string Name => model.Name;

    public WritingUsage MostUsage => model.MostUsage + other.MostUsage;

    public async Task<WritingResult> WriteAsync(WritingRequest request, CancellationToken cancellationToken)
    {
        var result = await model.WriteAsync(request, cancellationToken);
        if (result.Failure is not { } failure)
            return result;
        var instead = await other.WriteAsync(request, cancellationToken);
        return instead with
        {
            Usage = result.Usage + instead.Usage,
            InsteadOfModel = failure,
            Note = instead.Note is null ? $"the model failed: {failure.Message}" : $"the model failed: {failure.Message}; {instead.Note}",
        };
    }
}
