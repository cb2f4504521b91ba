using Flywheel.Abstractions.Messaging;
using Flywheel.Decisions;

namespace Flywheel.Grains.Messaging;

/// <summary>The parts of the list that <see cref="IAwaitingGrain"/> keeps, so that no write is large.</summary>
public static class AwaitingParts
{
    public const int Count = 16;

    /// <summary>The part that a campaign is in, 0 to <see cref="Count"/> − 1.</summary>
    public static int Of(string campaign) => (int)(Mixing.Of(campaign) % Count);
}
