namespace Flywheel.Client.Tests;

/// <summary>A clock that stands still can hold a failing test for ever; no passing test comes near this limit.</summary>
internal static class Hang
{
    public const int LimitMs = 60_000;
}
