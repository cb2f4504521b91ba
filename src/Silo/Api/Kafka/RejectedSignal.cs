namespace Flywheel.Silo.Api.Kafka;

/// <summary>A signal, or a whole message, that was not taken.</summary>
/// <param name="Message">Where it was.</param>
/// <param name="Index">Its place there, from 0; null where nothing of the message could be read.</param>
/// <param name="Value">As it came.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct RejectedSignal(KafkaMessage Message, int? Index, ReadOnlyMemory<byte> Value, string Error);
