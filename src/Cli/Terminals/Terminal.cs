using Spectre.Console;

namespace Flywheel.Cli.Terminals;

/// <summary>
/// Where a person reads: colour and redrawing on a terminal alone, and no colour where <c>NO_COLOR</c> is set. What goes into a pipe or a file is plain
/// text, on build servers too.
/// </summary>
internal static class Terminal
{
    /// <summary>Wide enough for every table, where no terminal says how wide it is.</summary>
    private const int PlainWidth = 200;

    /// <summary>Standard output: what was asked for.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error: progress and what went wrong.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>True where standard output can be drawn over.</summary>
    public static bool CanRedraw => Out.Profile.Capabilities.Ansi;

    /// <summary>True where somebody is there to answer a question.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Text from elsewhere, for the markup of a table or a line: neither its brackets nor its control characters do anything.</summary>
    public static string Escape(string? text) => Markup.Escape(Visible.Of(text ?? ""));

    /// <summary>A line on standard error, of how it goes.</summary>
    public static void Note(string line) => Console.Error.WriteLine(Visible.Lines(line));

    /// <summary>A line on standard error, of what went wrong.</summary>
    public static void Fail(string message) => Note($"flywheel: {message}");

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var isColourless = isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isColourless ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
            // They would draw on build servers, whose logs are files.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (isRedirected)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
