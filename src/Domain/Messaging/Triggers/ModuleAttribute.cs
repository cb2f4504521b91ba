namespace Flywheel.Domain.Messaging.Triggers;

/// <summary>An attribute of a module and its value: <c>angle</c>, <c>curiosity</c>.</summary>
public sealed record ModuleAttribute(string Name, string Value);
