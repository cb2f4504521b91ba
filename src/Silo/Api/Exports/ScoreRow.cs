using Flywheel.Client;

namespace Flywheel.Silo.Api.Exports;

/// <summary>A module in a segment, or in one of its channels, with the totals of that segment or channel beside it.</summary>
/// <param name="AsOfMs">Unix time in milliseconds; the same in all rows of an export.</param>
/// <param name="Channel">Empty for the segment as a whole.</param>
/// <param name="Totals">Of the segment or channel.</param>
internal sealed record ScoreRow(string Campaign, long AsOfMs, string Segment, string Channel, string Slot, SegmentScores Totals, ModuleScores Module);
