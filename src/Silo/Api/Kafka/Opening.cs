using Flywheel.Signals;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>What came of opening a partition.</summary>
/// <param name="Position">Where to read on; null where it cannot be read.</param>
/// <param name="Hold">Why it cannot; none where it can.</param>
internal readonly record struct Opening(SourcePosition? Position, PartitionHold Hold);
