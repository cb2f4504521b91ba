using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Scoring;

namespace Flywheel.Abstractions.Messaging;

/// <summary>The verdict on a module on trial.</summary>
/// <param name="Resonance">What it stands on, with its impressions.</param>
[GenerateSerializer, Immutable, Alias("flywheel.trial")]
public sealed record TrialMessage([property: Id(0)] string Slot, [property: Id(1)] string Module, [property: Id(2)] TrialVerdict Verdict, [property: Id(3)] Figure Resonance);
