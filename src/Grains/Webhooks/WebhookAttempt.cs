namespace Flywheel.Grains.Webhooks;

/// <summary>What is sent.</summary>
/// <param name="Id">Of the message.</param>
/// <param name="UnixSeconds">When the attempt is made; signed.</param>
/// <param name="Signature">As the header has it.</param>
/// <param name="Body">As it was signed.</param>
public sealed record WebhookAttempt(string Url, string Id, long UnixSeconds, string Signature, string Body);
