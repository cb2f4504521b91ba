using System.Diagnostics;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Completion;

/// <summary>flywheel completion, in the shells themselves; those that are not here are skipped.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Bash = """
        eval "$(flywheel completion bash)"
        COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}
        read -r -a COMP_WORDS <<<"$COMP_LINE"; [[ "$COMP_LINE" == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        [ "$(complete -p flywheel)" = "complete -o default -F _flywheel flywheel" ] || exit 1
        _flywheel; printf '%s\n' "${COMPREPLY[@]}"
        """;

    /// <summary>Outside of an editor there is no completion system: what the script hands it is printed.</summary>
    private const string Zsh = """
        compdef() { registered="$*" }; compadd() { shift; print -l -- "$@" }; _files() { print files }
        eval "$(flywheel completion zsh)"
        [[ "$registered" == "_flywheel flywheel" ]] || exit 1
        words=("${(@s: :)1}"); CURRENT=${#words}
        _flywheel
        """;

    private const string Fish = """
        flywheel completion fish | source
        complete -C "$argv[1]"
        """;

    private readonly TempFolder _path = new();

    public CompletionTests()
    {
        File.WriteAllText(_path.File("flywheel"), $"#!/bin/sh\nexec dotnet '{CommandLine.Assembly}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_path.File("flywheel"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => _path.Dispose();

    public static TheoryData<string, string, string[]> Lines => new()
    {
        { "bash", "flywheel campaign ex", ["export"] },
        { "bash", "flywheel prop", ["proposals"] },
        { "bash", "flywheel webhooks de", ["dead-letters", "delete", "deliveries"] },
        { "bash", "flywheel simulate --policy ", ["learned", "uniform"] },
        { "bash", "flywheel completion ", ["bash", "fish", "powershell", "zsh"] },
        { "zsh", "flywheel campaign ex", ["export"] },
        { "zsh", "flywheel prop", ["proposals"] },
        { "zsh", "flywheel webhooks de", ["dead-letters", "delete", "deliveries"] },
        { "zsh", "flywheel simulate --policy ", ["learned", "uniform"] },
        { "fish", "flywheel campaign ex", ["export"] },
        { "fish", "flywheel prop", ["proposals"] },
        { "fish", "flywheel webhooks de", ["dead-letters", "delete", "deliveries"] },
        { "fish", "flywheel simulate --policy ", ["learned", "uniform"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Shell_WithTheScript_CompletesWhatTheToolOffers(string shell, string line, string[] expected)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, shell)).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, $"{shell} is missing");

        var offered = (await RunAsync(program, shell, line)).Where(word => !word.StartsWith('-'));

        Assert.Equal(expected, offered);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _flywheel flywheel")]
    [InlineData("zsh", "compdef _flywheel flywheel")]
    [InlineData("fish", "complete -c flywheel")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native -CommandName flywheel")]
    public async Task Completion_Shell_PrintsAScriptThatSaysWhereItGoes(string shell, string registers)
    {
        var (code, script, _) = await CommandLine.RunAsync("completion", shell);
        var (_, json, _) = await CommandLine.RunAsync("completion", shell, "--json");

        Assert.Equal(0, code);
        Assert.StartsWith("# flywheel, for ", script, StringComparison.Ordinal);
        Assert.Contains(registers, script, StringComparison.Ordinal);
        Assert.Equal(script.TrimEnd(), JsonNode.Parse(json)!["script"]!.GetValue<string>());
    }

    private async Task<string[]> RunAsync(string program, string shell, string line)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])(shell switch
        {
            "bash" => ["--norc", "-c", Bash, "bash", line],
            "zsh" => ["-f", "-c", Zsh, "zsh", line],
            _ => ["--no-config", "-c", Fish, line],
        }))
            start.ArgumentList.Add(word);
        start.Environment["PATH"] = $"{_path.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
