using Flywheel.Domain.Access;

namespace Flywheel.Silo.Tests.Access;

/// <summary>A file of API keys, and the keys in it by tenant and role.</summary>
internal sealed class Keys(string path)
{
    private readonly Dictionary<(string, string), string> _texts = [];
    private readonly List<ApiKey> _kept = [];

    public string Path { get; } = path;

    public string this[string tenant, string role] => _texts[(tenant, role)];

    public Keys Add(string tenant, string role, Func<ApiKey, ApiKey>? also = null)
    {
        var text = ApiKeyText.New();
        _texts[(tenant, role)] = text;
        _kept.Add((also ?? (key => key))(ApiKeyText.Keep(text, tenant, role)));
        return this;
    }

    public Keys Revoke(string tenant, string role)
    {
        _kept.RemoveAll(key => key.Sha256 == ApiKeyText.Keep(_texts[(tenant, role)], tenant, role).Sha256);
        return this;
    }

    public Keys Save()
    {
        File.WriteAllBytes(Path, ApiKeyDocument.Write(_kept));
        return this;
    }

    /// <summary>Talks to an engine with one of the keys.</summary>
    public Api For(Uri url, string tenant, string role)
    {
        var api = new Api(url);
        api.Http.DefaultRequestHeaders.Authorization = new("Bearer", this[tenant, role]);
        return api;
    }
}
