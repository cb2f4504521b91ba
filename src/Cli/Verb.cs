using System.CommandLine;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Client;

namespace Flywheel.Cli;

/// <summary>Runs verbs; what goes wrong ends in a sentence on standard error and an exit code.</summary>
internal static class Verb
{
    /// <summary>How long what Ctrl-C breaks off may take to end and say what it did.</summary>
    public static readonly TimeSpan LastWord = TimeSpan.FromSeconds(15);

    public static void Run(Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        try
        {
            // On a thread that it may hold up: this one is to hear of Ctrl-C.
            return await Task.Run(() => action(parsed, cancellationToken), CancellationToken.None);
        }
        catch (EngineRefusal e)
        {
            return Fail(e.Message, e.Code);
        }
        catch (FlywheelException e)
        {
            return Fail(EngineRefusal.Sentence(e), CodeOf(e));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            return Fail(e.Message, ExitCodes.Unusable);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    });

    /// <summary>Work that holds up its thread and leaves nothing behind: at Ctrl-C it is not waited for.</summary>
    /// <exception cref="OperationCanceledException">Somebody pressed Ctrl-C.</exception>
    public static Task<T> AtOnceAsync<T>(Func<T> work, CancellationToken cancellationToken) => Task.Run(work, cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The exit code of a request that failed.</summary>
    public static int CodeOf(FlywheelException failure) => failure.IsTransient ? ExitCodes.Away : ExitCodes.Refused;

    private static int Fail(string message, int code)
    {
        Terminal.Fail(message);
        return code;
    }
}
