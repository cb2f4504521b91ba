using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>What an amendment came to.</summary>
/// <param name="Document">What is served from now on; null where it was refused.</param>
/// <param name="Eligibility">What may be; null where it was refused.</param>
/// <param name="Refused">Why nothing changes; null where something may.</param>
/// <param name="IsMissing">True where it was refused because there is no such slot or module.</param>
public sealed record AmendmentOutcome(Campaign? Document, Eligibility? Eligibility, string? Refused, bool IsMissing = false);
