using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Flywheel.Decisions;

/// <summary>
/// HMAC-SHA256 under keys that come again and again. An instance that has its key costs about half of a one-shot call, and is for
/// one thread alone: each thread keeps a few.
/// </summary>
internal static class KeyedHash
{
    /// <summary>Keys a thread keeps; another in the same place takes it over.</summary>
    private const int Kept = 64;

    [ThreadStatic]
    private static Slot[]? _slots;

    /// <param name="key">The same array for the same key; it does not change.</param>
    /// <param name="data">What to sign.</param>
    /// <param name="tag">Room for 32 bytes.</param>
    public static void Compute(byte[] key, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        ref var slot = ref (_slots ??= new Slot[Kept])[RuntimeHelpers.GetHashCode(key) & (Kept - 1)];
        if (!ReferenceEquals(slot.Key, key))
        {
            slot.Hmac?.Dispose();
            slot = new Slot(key, new HMACSHA256(key));
        }
        slot.Hmac.TryComputeHash(data, tag, out _);
    }

    private readonly record struct Slot(byte[] Key, HMACSHA256 Hmac);
}
