namespace Flywheel.Domain.Governance;

/// <summary>A module on trial.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Module">Its id.</param>
/// <param name="MaxShare">The most of a segment's traffic that it may take, 0 to 1; the control group's part of it included.</param>
public sealed record Challenger(string Slot, string Module, double MaxShare);
