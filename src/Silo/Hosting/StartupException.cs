namespace Flywheel.Silo.Hosting;

/// <summary>The engine cannot start as it was asked to; the message says what to change.</summary>
public sealed class StartupException : Exception
{
    public StartupException()
    {
    }

    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
