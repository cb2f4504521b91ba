namespace Flywheel.Cli.Tests.Terminals;

/// <summary>Command lines that cannot be read.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("Must be one of", "keys", "create", "none.json", "--role", "king", "--json")]
    [InlineData("--bogus", "campaign", "list", "--bogus", "--json")]
    [InlineData("Required argument", "watch", "--json")]
    [InlineData("Required command", "--json")]
    [InlineData("Required command")]
    [InlineData("campaign", "campagin")]
    [InlineData("--days: came x; expected a whole number up to 2147483647", "keys", "create", "none.json", "--role", "read", "--days", "x")]
    [InlineData("--per-second: came 1.5; expected a whole number", "keys", "create", "none.json", "--role", "read", "--per-second", "1.5")]
    [InlineData("--in: came soon; expected a whole number", "token-keys", "rotate", "none", "--in", "soon")]
    [InlineData("--revision: came x; expected a whole number", "proposals", "approve", "spring", "p-1", "--revision", "x")]
    [InlineData("--seeds: came many; expected a whole number", "simulate", "none.json", "--seeds", "many")]
    [InlineData("--seconds: came 99999999999; expected a whole number up to 2147483647", "load", "--seconds", "99999999999")]
    [InlineData("--from-row: came first; expected a whole number up to 9223372036854775807", "replay", "none.csv", "--campaign", "x", "--from-row", "first")]
    [InlineData("--target: came nothing; expected a path", "evaluate", "none.csv", "--target", "")]
    [InlineData("file: came nothing; expected a path", "keys", "list", "")]
    public async Task CommandLine_ThatCannotBeRead_IsRefusedOnStandardErrorAlone(string message, params string[] args)
    {
        var (code, output, error) = await CommandLine.RunAsync(args);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("Usage:", error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ThatWasAskedFor_IsOnStandardOutput()
    {
        var (code, output, error) = await CommandLine.RunAsync("keys", "--help");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--days: came 0; expected 1 to 36500", "keys", "create", "none.json", "--role", "read", "--days", "0", "--per-second", "7")]
    [InlineData("--per-second: came 0; expected 1 to", "keys", "create", "none.json", "--role", "read", "--per-second", "0")]
    [InlineData("--keep-days: came 10001; expected 1 to 10000", "token-keys", "rotate", "none", "--keep-days", "10001")]
    [InlineData("--rate: came 0; expected 1 to 10000000", "replay", "none.csv", "--campaign", "x", "--rate", "0")]
    [InlineData("--seeds: came 0; expected 1 to 10000", "simulate", "none.json", "--seeds", "0")]
    public async Task Number_OutOfItsRange_IsNamed(string message, params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("flywheel-");
        try
        {
            var (code, output, error) = await CommandLine.RunAsync([.. args.Select(word => word.StartsWith("none", StringComparison.Ordinal) ? Path.Combine(folder.FullName, word) : word)]);

            Assert.Equal((2, ""), (code, output));
            Assert.Contains(message, error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
