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
        Terminal.Note(parsed.Errors.Aggregate(said.ToString(), (text, error) => text.Replace(error.Message, Sentence(error), StringComparison.Ordinal)).TrimEnd());
        return code;
    }

    /// <summary>Where the library names a type of .NET's, what came and what would be right.</summary>
    private static string Sentence(ParseError error)
    {
        var (name, type) = error.SymbolResult switch
        {
            OptionResult { Option: var option } => (option.Name, option.ValueType),
            ArgumentResult { Argument: var argument, Parent: OptionResult { Option: var option } } => (option.Name, argument.ValueType),
            ArgumentResult { Argument: var argument } => (argument.Name, argument.ValueType),
            _ => ("", null),
        };
        if (type is null || !error.Message.Contains(type.ToString(), StringComparison.Ordinal))
            return error.Message;
        var came = error.SymbolResult!.Tokens is [.., { Value: { Length: > 0 } text }] ? text : "nothing";
        return $"{name}: came {came}; expected {Expected(Nullable.GetUnderlyingType(type) ?? type)}";
    }

    private static string Expected(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => $"a whole number up to {int.MaxValue}",
        TypeCode.Int64 => $"a whole number up to {long.MaxValue}",
        _ => "a path",
    };
}
