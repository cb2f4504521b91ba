using System.CommandLine;
using Flywheel.Cli.Terminals;

namespace Flywheel.Cli.Completion;

/// <summary><c>flywheel completion SHELL</c>: a script by which a shell asks the tool itself what can follow.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # flywheel, for bash: eval "$(flywheel completion bash)" in ~/.bashrc
        _flywheel() {
          local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}"
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(flywheel "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _flywheel flywheel
        """;

    private const string Zsh = """
        # flywheel, for zsh: eval "$(flywheel completion zsh)" in ~/.zshrc, after compinit
        _flywheel() {
          local line="${words[1,CURRENT]}"
          local -a found
          found=("${(@f)$(flywheel "[suggest:${#line}]" "$line" 2>/dev/null)}")
          found=("${(@)found:#}")
          if (( ${#found} )); then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _flywheel flywheel
        """;

    private const string Fish = """
        # flywheel, for fish: flywheel completion fish > ~/.config/fish/completions/flywheel.fish
        function __flywheel_complete
            set -l line (commandline -cp)
            flywheel "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        # Files where the tool has nothing to offer.
        complete -c flywheel -f -n '__flywheel_complete | string length -q' -a '(__flywheel_complete)'
        """;

    private const string PowerShell = """
        # flywheel, for PowerShell: flywheel completion powershell | Out-String | Invoke-Expression in $PROFILE
        Register-ArgumentCompleter -Native -CommandName flywheel -ScriptBlock {
            param($word, $ast, $position)
            $line = $ast.ToString().PadRight($position).Substring(0, $position)
            flywheel "[suggest:$($line.Length)]" "$line" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["powershell"] = PowerShell };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that has the shell complete verbs, options and their values. Its first line says where it goes.") { shell };
        command.SetAction(parsed =>
        {
            var (name, script) = (parsed.GetRequiredValue(shell), Scripts[parsed.GetRequiredValue(shell)]);
            if (Output.IsJson(parsed))
                Output.Write(new { shell = name, script });
            else
                Output.WriteLine(script);
            return ExitCodes.Done;
        });
        return command;
    }
}
