namespace Flywheel.Silo.Api.Messaging;

/// <summary>New messaging was asked for.</summary>
/// <param name="Request">What the history calls it.</param>
internal sealed record RefreshReceipt(string Request);
