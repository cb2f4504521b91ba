namespace Flywheel.Architecture.Tests;

/// <summary>The source tree.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>Every project below <c>src</c>, by name.</summary>
    public static IEnumerable<string> Projects() => Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(folder => Path.GetFileName(folder)!)
        .Where(name => File.Exists(Path.Combine(Root, "src", name, $"{name}.csproj")));

    /// <summary>Every C# file below <c>src</c> that people wrote, relative to the root.</summary>
    public static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Flywheel.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"Flywheel.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
