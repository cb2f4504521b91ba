using System.Diagnostics;

namespace Flywheel.Cli.Tests;

/// <summary>Runs the command line as its users do, in a process of its own.</summary>
internal static class CommandLine
{
    public static string Assembly => Path.Combine(AppContext.BaseDirectory, "Flywheel.Cli.dll");

    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string>(), args);

    /// <summary>For that engine.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(Uri engine, params string[] args) =>
        RunAsync(new Dictionary<string, string> { ["FLYWHEEL_URL"] = engine.ToString() }, args);

    /// <param name="environment">Variables that it gets besides.</param>
    public static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
