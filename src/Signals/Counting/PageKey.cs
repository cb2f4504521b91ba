namespace Flywheel.Signals;

/// <summary>Names a page of remembered signals: one bit for each of an issuer's decisions, by type.</summary>
/// <param name="Issuer">The process run that made the decisions.</param>
/// <param name="Type">See <see cref="RewardRules.TypeKey(ReadOnlySpan{char})"/>.</param>
/// <param name="Page">The decisions' counters ÷ <see cref="DedupePage.Bits"/>.</param>
public readonly record struct PageKey(ulong Issuer, ulong Type, ulong Page);
