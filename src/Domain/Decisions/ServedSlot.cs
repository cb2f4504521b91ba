using System.Collections.Immutable;
using System.Text;

namespace Flywheel.Domain.Decisions;

/// <summary>A slot as it is served.</summary>
public sealed record ServedSlot(string Id, ImmutableArray<ServedModule> Modules)
{
    public ReadOnlyMemory<byte> Utf8Id { get; } = Encoding.UTF8.GetBytes(Id);
}
