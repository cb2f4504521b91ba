namespace Flywheel.Silo.Api.Webhooks;

/// <summary>A name leads to addresses that webhooks may not be sent to, and to no other.</summary>
internal sealed class ForbiddenAddressException : Exception
{
    public ForbiddenAddressException()
    {
    }

    public ForbiddenAddressException(string message)
        : base(message)
    {
    }

    public ForbiddenAddressException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
