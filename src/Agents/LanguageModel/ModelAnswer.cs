using Flywheel.Agents.Writing;

namespace Flywheel.Agents.LanguageModel;

/// <summary>What a model said, or why it said nothing; data that nobody has looked at yet.</summary>
internal sealed record ModelAnswer(string? Text, WritingUsage Usage, WritingFailure? Failure);
