using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests;

/// <summary>What holds of every verb, and that docs/cli.md tells of it.</summary>
public sealed class VerbTests
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs/cli.md"));

    public static TheoryData<string> Verbs => [.. Leaves(FlywheelCommand.Create(), "flywheel").Select(leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Verb_OfAny_IsDescribedTakesJsonAndStandsInTheDocs(string verb)
    {
        var command = Leaves(FlywheelCommand.Create(), "flywheel").Single(leaf => leaf.Path == verb).Command;

        Assert.False(string.IsNullOrWhiteSpace(command.Description));
        Assert.All(command.Options.Where(option => !option.Hidden), option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.Empty(FlywheelCommand.Create().Parse([.. verb.Split(' ')[1..], .. command.Arguments.Select(_ => "x"), "--json"]).UnmatchedTokens);
        Assert.Contains(verb, Page, StringComparison.Ordinal);
        Assert.Contains($"`flywheel {verb.Split(' ')[1]}`", File.ReadAllText(Repository.File("src/Cli/README.md")), StringComparison.Ordinal);
        Assert.All(command.Options, option => Assert.Contains($"`{option.Name}", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void ExitCodes_All_AreInTheDocs()
    {
        var codes = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);

        Assert.All(codes.Append(1), code => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {code} |"), Page, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0 ? [(path, command)] : command.Subcommands.SelectMany(each => Leaves(each, $"{path} {each.Name}"));
}
