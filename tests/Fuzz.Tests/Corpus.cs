namespace Flywheel.Fuzz.Tests;

/// <summary>Inputs that broke a parser once: <c>corpus/PARSER/what-it-is</c>.</summary>
internal static class Corpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static IEnumerable<(string Parser, string Name)> Files() =>
        Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (new DirectoryInfo(Path.GetDirectoryName(path)!).Name, Path.GetFileName(path)));

    public static byte[] Read(string parser, string name) => File.ReadAllBytes(Path.Combine(Folder, parser, name));

    public static IEnumerable<byte[]> Of(string parser) => Files().Where(file => file.Parser == parser).Select(file => Read(parser, file.Name));
}
