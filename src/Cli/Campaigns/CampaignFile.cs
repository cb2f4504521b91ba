using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Cli.Campaigns;

/// <summary>A campaign document on its way to an engine.</summary>
/// <param name="Place">Where it stands, for messages.</param>
internal sealed record CampaignFile(string Place, string Id, byte[] Document)
{
    /// <summary>What one request may hold.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads <c>-</c> (standard input) or a file with a line each, a file with one document, or a folder of such files.</summary>
    /// <exception cref="InvalidDataException">One of them is no campaign; it says which, and what is wrong.</exception>
    public static IReadOnlyList<CampaignFile> ReadAll(string path)
    {
        if (path == "-")
        {
            using var input = Console.OpenStandardInput();
            return OnceEach(ReadLines(path, input));
        }
        if (Directory.Exists(path))
            return OnceEach(Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal).Select(file => Read(file, null)));
        if (!path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase))
            return [Read(path, null)];
        using var lines = File.OpenRead(path);
        return OnceEach(ReadLines(path, lines));
    }

    /// <param name="id">Under which it is to be stored; null where the document names it.</param>
    public static CampaignFile Read(string path, string? id)
    {
        using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Of(path, id, bytes.ToArray());
    }

    private static IEnumerable<CampaignFile> ReadLines(string path, Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return Of($"{path}, line {number}", null, Encoding.UTF8.GetBytes(line));
        }
    }

    /// <summary>The engine's own reader says what is wrong, before anything is sent.</summary>
    private static CampaignFile Of(string place, string? id, byte[] document)
    {
        if (document.Length > MaxBytes)
            throw new InvalidDataException($"{place}: came {document.Length} bytes; expected at most {MaxBytes}");
        id ??= IdIn(place, document) ?? throw new InvalidDataException($"{place}: id: came nothing; expected {Ids.Pattern} in the document");
        if (CampaignReader.Read(id, document, out var errors) is null)
            throw new InvalidDataException($"{place}: {string.Join("; ", errors)}");
        return new CampaignFile(place, id, document);
    }

    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    private static string? IdIn(string place, byte[] document)
    {
        try
        {
            using var read = JsonDocument.Parse(document);
            return read.RootElement.ValueKind == JsonValueKind.Object && read.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{place}: came malformed JSON; expected a campaign document ({e.Message})", e);
        }
    }

    private static List<CampaignFile> OnceEach(IEnumerable<CampaignFile> files)
    {
        var read = files.ToList();
        if (read.GroupBy(file => file.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"{string.Join(" and ", twice.Select(file => file.Place))}: came {twice.Key} more than once; expected each campaign once");
        return read;
    }
}
