using System.Text.Json;
using Orleans.Storage;

namespace Flywheel.Grains.Storage;

/// <summary>
/// Grain state as JSON by System.Text.Json with the members' own names: no CLR type name is stored, so types may move. The same
/// in every store.
/// </summary>
public sealed class PlainJsonSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input)!;
}
