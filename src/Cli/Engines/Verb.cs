using System.CommandLine;
using Flywheel.Client;

namespace Flywheel.Cli.Engines;

/// <summary>Runs verbs that talk to an engine; what goes wrong ends in a sentence on standard error and an exit code.</summary>
internal static class Verb
{
    public static void Run(Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        try
        {
            return await action(parsed, cancellationToken);
        }
        catch (EngineRefusal e)
        {
            return await FailAsync(e.Message, e.Code);
        }
        catch (FlywheelException e)
        {
            return await FailAsync(e.Status is null ? e.Message : $"the engine answered {e.Message}", CodeOf(e));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            return await FailAsync(e.Message, ExitCodes.Unusable);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    });

    /// <summary>The exit code of a request that failed.</summary>
    public static int CodeOf(FlywheelException failure) => failure.IsTransient ? ExitCodes.Away : ExitCodes.Refused;

    private static async Task<int> FailAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"flywheel: {message}");
        return code;
    }
}
