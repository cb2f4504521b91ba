using System.Collections.Frozen;

namespace Flywheel.Domain.Decisions;

/// <summary>The keys that tokens are signed and checked with. The first one signs; the others still verify, so that keys can rotate.</summary>
public sealed class TokenKeys
{
    public const int KeyBytes = 32;

    private readonly FrozenDictionary<uint, byte[]> _keys;

    /// <param name="keys">Id and 32 bytes each; the first signs.</param>
    public TokenKeys(IReadOnlyList<KeyValuePair<uint, byte[]>> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Value.Length < KeyBytes))
            throw new ArgumentException($"At least one key of {KeyBytes} bytes or more is needed.", nameof(keys));
        SigningKeyId = keys[0].Key;
        SigningKey = keys[0].Value;
        _keys = keys.ToFrozenDictionary();
    }

    public uint SigningKeyId { get; }

    internal byte[] SigningKey { get; }

    internal bool TryGet(uint id, out byte[]? key) => _keys.TryGetValue(id, out key);
}
