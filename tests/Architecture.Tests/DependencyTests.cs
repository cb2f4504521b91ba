using System.Reflection;
using System.Xml.Linq;
using NetArchTest.Rules;

namespace Flywheel.Architecture.Tests;

/// <summary>Dependencies point inward: Decisions, Domain, then Abstractions, Agents and Signals, then Grains, then Silo. The client knows Decisions and HTTP alone.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Decisions"] = [],
        ["Domain"] = ["Decisions"],
        ["Abstractions"] = ["Domain"],
        ["Signals"] = ["Domain"],
        ["Agents"] = ["Domain"],
        ["Grains"] = ["Abstractions", "Agents", "Domain", "Signals"],
        ["Client"] = ["Decisions"],
        ["Cli"] = ["Client", "Domain"],
        ["Silo"] = ["Abstractions", "Agents", "Client", "Domain", "Grains", "Signals"],
    };

    /// <summary>Namespaces and types that each assembly does without.</summary>
    private static readonly Dictionary<Assembly, string[]> Forbidden = new()
    {
        [Assemblies.Decisions] = ["Orleans", "Microsoft", "MathNet", "System.Net", "System.Threading.Tasks.Task", "System.TimeProvider", "System.Environment", "System.Console", "System.Diagnostics.Stopwatch", "System.Random", "Flywheel.Domain", "Flywheel.Client", .. Files],
        [Assemblies.Domain] = ["Orleans", "Microsoft", "System.Net", "System.Threading.Tasks.Task", "System.TimeProvider", "System.Environment", "System.Console", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Random", .. Files],
        [Assemblies.Abstractions] = ["Microsoft.AspNetCore", "Microsoft.Data", "Microsoft.Extensions.Hosting", "System.Net", .. Files],
        [Assemblies.Signals] = ["Orleans", "Microsoft.AspNetCore", "Microsoft.Extensions.Hosting", "System.Net"],
        [Assemblies.Agents] = ["Orleans", "Microsoft.AspNetCore", "Microsoft.Data", "Microsoft.Extensions.Hosting", "Flywheel.Abstractions", "Flywheel.Signals", "Flywheel.Grains", "Flywheel.Silo", .. Files],
        [Assemblies.Grains] = ["Microsoft.AspNetCore", "System.Net", .. Files],
        [Assemblies.Client] = ["Orleans", "Microsoft", "Flywheel.Domain", "Flywheel.Abstractions", "Flywheel.Signals", "Flywheel.Grains", "Flywheel.Silo", .. Files],
    };

    private static string[] Files => ["System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo"];

    public static TheoryData<string> Projects => [.. Repository.Projects()];

    public static TheoryData<string> Names => [.. Forbidden.Keys.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_InTheSourceTree_RefersOnlyInward(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is new: say in this test what it may depend on");
        var references = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
            .Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Subset(allowed!.ToHashSet(), references.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Assembly_OfOurs_DependsOnNothingItShouldDoWithout(string name)
    {
        var (assembly, forbidden) = Forbidden.Single(pair => pair.Key.GetName().Name == name);

        var result = Types.InAssembly(assembly).That().ResideInNamespaceStartingWith("Flywheel").ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.True(result.IsSuccessful, $"depends on one of {string.Join(", ", forbidden)}: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    /// <summary>Clients get this assembly, so that what they choose and sign is what the engine does.</summary>
    [Fact]
    public void Decisions_Assembly_RefersToNothingButDotNet() =>
        Assert.All(Assemblies.Decisions.GetReferencedAssemblies(), reference => Assert.Matches("^(System\\..*|netstandard)$", reference.Name));

    [Fact]
    public void Client_Assembly_RefersToDecisionsAndDotNetAlone() =>
        Assert.All(Assemblies.Client.GetReferencedAssemblies(), reference => Assert.Matches("^(Flywheel\\.Decisions|System\\..*|netstandard)$", reference.Name));

    [Fact]
    public void Abstractions_Assembly_RefersToTheDomainAndOrleansAlone() =>
        Assert.All(Assemblies.Abstractions.GetReferencedAssemblies(), reference => Assert.Matches("^(Flywheel\\.(Decisions|Domain)|Orleans\\..*|System\\..*|netstandard)$", reference.Name));

    /// <summary>A guard on the guard: the rule finds what is there.</summary>
    [Fact]
    public void Rule_WhereTheDependencyExists_FindsIt()
    {
        Assert.False(Types.InAssembly(Assemblies.Grains).ShouldNot().HaveDependencyOnAny("Orleans").GetResult().IsSuccessful);
        Assert.False(Types.InAssembly(Assemblies.Silo).ShouldNot().HaveDependencyOnAny(Files).GetResult().IsSuccessful);
        Assert.False(Types.InAssembly(Assemblies.Signals).ShouldNot().HaveDependencyOnAny("Microsoft.Data").GetResult().IsSuccessful);
    }
}
