using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Flywheel.Domain.Access;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Access;

/// <summary>The API keys of a file, which is read again while the engine runs: a key that is added or revoked there is within a second or two.</summary>
internal sealed class KeyRing : IWatchedFile
{
    private FrozenDictionary<KeyHash, Caller> _byHash = FrozenDictionary<KeyHash, Caller>.Empty;
    private FrozenDictionary<string, Caller> _byName = FrozenDictionary<string, Caller>.Empty;

    public KeyRing(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="FormatException">The file is no document of keys; those that were read before stay.</exception>
    public void Take(byte[] content)
    {
        var keys = ApiKeyDocument.Read(content);
        var callers = keys.Select(key => KeyValuePair.Create(KeyHash.Of(Convert.FromHexString(key.Sha256)), new Caller(key.Id, key.Tenant, Roles.Named(key.Role))
        {
            RoleName = key.Role,
            RequestsPerSecond = key.RequestsPerSecond,
            ExpiresAt = key.ExpiresAt,
        })).ToList();
        Volatile.Write(ref _byName, callers.Select(each => each.Value).DistinctBy(caller => caller.Name).ToFrozenDictionary(caller => caller.Name));
        Volatile.Write(ref _byHash, callers.ToFrozenDictionary());
    }

    /// <summary>Whose key this text is, expired or not; null where it is none.</summary>
    public Caller? Find(ReadOnlySpan<char> text)
    {
        if (!ApiKeyText.LooksLikeOne(text))
            return null;
        Span<byte> utf8 = stackalloc byte[ApiKeyText.Length * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        // Looked up by the hash of a secret: how long that takes says nothing of the secret.
        return Volatile.Read(ref _byHash).GetValueOrDefault(KeyHash.Of(hash));
    }

    /// <summary>The key of this name, while it is in the file.</summary>
    public Caller? Named(string name) => Volatile.Read(ref _byName).GetValueOrDefault(name);

    private readonly record struct KeyHash(UInt128 High, UInt128 Low)
    {
        public static KeyHash Of(ReadOnlySpan<byte> hash) =>
            new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
