using Flywheel.Agents.Writing;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// Carries a failure through layers that are not ours up to <see cref="ModelEndpoint"/>. It has no inner exception: those quote
/// answers, and an endpoint may answer with the key that it was sent.
/// </summary>
internal sealed class ModelCallException(FailureKind kind, string message) : Exception(message)
{
    public WritingFailure Failure { get; } = new(kind, message);
}
