using System.Text.RegularExpressions;

namespace Flywheel.Architecture.Tests;

/// <summary>Where things are: one public type a file, under its own name, in folders that are features.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] Kinds = ["Common", "Extensions", "Helpers", "Managers", "Models", "Services", "Shared", "Utilities", "Utils"];

    [Fact]
    public void File_InTheSourceTree_HoldsAtMostOnePublicTypeUnderItsOwnName()
    {
        var wrong = Repository.Sources().Select(path => (Path: path, Types: PublicTypes(Repository.Read(path))))
            .Where(file => file.Types.Length > 1 || (file.Types is [var type] && type != Path.GetFileName(file.Path).Split('.')[0]))
            .Select(file => $"{file.Path}: {string.Join(", ", file.Types)}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void Folder_InTheSourceTree_IsAFeatureNotAKind() =>
        Assert.DoesNotContain(Repository.Sources().SelectMany(path => Path.GetDirectoryName(path)!.Split(Path.DirectorySeparatorChar)), Kinds.Contains);

    /// <summary>A guard on the guard: what the compiler sees as public, the pattern sees too.</summary>
    [Fact]
    public void Pattern_OverTheSourceTree_FindsEveryPublicType()
    {
        var found = Repository.Sources().SelectMany(path => PublicTypes(Repository.Read(path))).ToHashSet();
        var compiled = ((IEnumerable<System.Reflection.Assembly>)[Assemblies.Domain, Assemblies.Abstractions, Assemblies.Signals, Assemblies.Agents, Assemblies.Grains, Assemblies.Client, Assemblies.Silo])
            .SelectMany(assembly => assembly.Written()).Where(type => type.IsPublic).Select(type => type.Name.Split('`')[0]);

        Assert.Subset(found, compiled.ToHashSet());
    }

    private static string[] PublicTypes(string source) => [.. TypePattern().Matches(source).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|partial|readonly|ref|unsafe) )*(?:record (?:struct|class) |(?:class|record|struct|interface|enum|delegate \S+) )(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypePattern();
}
