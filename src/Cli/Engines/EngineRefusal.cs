namespace Flywheel.Cli.Engines;

/// <summary>The engine did not do what it was asked.</summary>
/// <param name="message">What it answered.</param>
/// <param name="code">See <see cref="ExitCodes"/>.</param>
internal sealed class EngineRefusal(string message, int code) : Exception(message)
{
    public int Code => code;
}
