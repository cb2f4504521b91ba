namespace Flywheel.Cli.Campaigns;

/// <summary>Where campaign documents are exported to: a folder, or a file where the path ends as one does and no folder is there.</summary>
/// <param name="path">As it was named.</param>
internal sealed class ExportPlace(string path)
{
    private const string Document = ".json";
    private const string Lines = ".ndjson";

    private readonly bool _isDocument = IsFile(path, Document);
    private readonly bool _isLines = IsFile(path, Lines);

    public string Path => path;

    /// <exception cref="InvalidDataException">That many do not go there.</exception>
    public void Check(int campaigns)
    {
        if (_isDocument && campaigns != 1)
            throw new InvalidDataException($"--to: came {path}, a file for one campaign; expected a folder or a file NAME{Lines} for {campaigns}");
    }

    /// <summary>Makes the folders that are missing.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task WriteAsync(IReadOnlyList<(string Id, byte[] Document)> documents, CancellationToken cancellationToken)
    {
        var folder = _isDocument || _isLines ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))! : path;
        Directory.CreateDirectory(folder);
        if (_isLines)
        {
            await WriteLinesAsync(documents, cancellationToken);
            return;
        }
        foreach (var (id, document) in documents)
            await File.WriteAllBytesAsync(_isDocument ? path : System.IO.Path.Combine(folder, $"{id}{Document}"), document, cancellationToken);
    }

    private async Task WriteLinesAsync(IReadOnlyList<(string Id, byte[] Document)> documents, CancellationToken cancellationToken)
    {
        await using var lines = File.Create(path);
        foreach (var (_, document) in documents)
        {
            // The engine writes its documents without line feeds.
            await lines.WriteAsync(document, cancellationToken);
            await lines.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }

    private static bool IsFile(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
}
