namespace Flywheel.Agents.Writing;

/// <summary>Why nothing was written.</summary>
/// <param name="Kind">For whoever decides what to do about it.</param>
/// <param name="Message">For people. It holds no key, and nothing that the endpoint wrote.</param>
public sealed record WritingFailure(FailureKind Kind, string Message);
