namespace Flywheel.Signals;

/// <summary>
/// What one tenant takes of a partition's memory for duplicates. It may grow while it is less than seven times what is free (the dynamic threshold of
/// Choudhury and Hahne, 1998): alone it gets seven eighths, and who comes after it always finds room.
/// </summary>
/// <param name="tenant">Whose.</param>
internal sealed class DedupeShare(string tenant)
{
    private const int OfTheFree = 7;

    public string Tenant => tenant;

    public int Pages { get; set; }

    public int Ids { get; set; }

    /// <summary>Whether something more may be remembered.</summary>
    /// <param name="taken">By this tenant.</param>
    /// <param name="free">What nobody has taken.</param>
    public static bool MayGrow(int taken, int free) => taken < OfTheFree * free;

    /// <summary>Whether nine tenths of what it may take are taken: callers are told to come back before anything has to be quarantined.</summary>
    /// <param name="taken">By this tenant.</param>
    /// <param name="free">What nobody has taken.</param>
    public static bool IsCrowded(int taken, int free) => (taken > 0 || free == 0) && 10L * taken >= 9L * OfTheFree * free;
}
