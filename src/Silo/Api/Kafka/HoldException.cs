namespace Flywheel.Silo.Api.Kafka;

/// <summary>Nothing can be taken at the moment; what was read is read again.</summary>
/// <param name="hold">Why.</param>
/// <param name="reason">What happened.</param>
internal sealed class HoldException(Hold hold, string reason) : Exception(reason)
{
    public Hold Hold => hold;
}
