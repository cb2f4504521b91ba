using System.CommandLine;
using System.CommandLine.Parsing;
using Flywheel.Cli.Terminals;

namespace Flywheel.Cli;

/// <summary>A command line that cannot be read: what is wrong with it and how it is written, all of it on standard error.</summary>
internal static class Usage
{
    /// <returns>The exit code, 1.</returns>
    public static async Task<int> RefuseAsync(ParseResult parsed)
    {
        await using var said = new StringWriter();
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = said, Error = said });
        Terminal.ErrorLines.Write(parsed.Errors.Aggregate(said.ToString(), (text, error) => text.Replace(error.Message, Sentence(error), StringComparison.Ordinal)));
        return code;
    }

    /// <summary>Where the library names a type of .NET's, what came and what would be right.</summary>
    private static string Sentence(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option } result when Names(error, option.ValueType) => Sentence(option.Name, result.Tokens, option.ValueType),
        ArgumentResult { Argument: var argument, Parent: OptionResult { Option: var option } } result when Names(error, argument.ValueType) => Sentence(option.Name, result.Tokens, argument.ValueType),
        ArgumentResult { Argument: var argument } result when Names(error, argument.ValueType) => Sentence(argument.Name, result.Tokens, argument.ValueType),
        _ => error.Message,
    };

    private static bool Names(ParseError error, Type type) => error.Message.Contains(type.ToString(), StringComparison.Ordinal);

    private static string Sentence(string name, IReadOnlyList<Token> came, Type type) =>
        $"{name}: came {(came is [.., { Value: { Length: > 0 } text }] ? text : "nothing")}; expected {Expected(Nullable.GetUnderlyingType(type) ?? type)}";

    private static string Expected(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => $"a whole number up to {int.MaxValue}",
        TypeCode.Int64 => $"a whole number up to {long.MaxValue}",
        _ => "a path",
    };
}
