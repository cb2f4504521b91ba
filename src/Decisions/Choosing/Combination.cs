namespace Flywheel.Decisions;

/// <summary>One module index per slot, packed a byte a slot, slot 0 lowest: at most 8 slots of at most 256 modules.</summary>
public static class Combination
{
    public static int ModuleAt(ulong combination, int slot) => (int)(combination >> (slot * 8)) & 0xFF;

    /// <summary>The same with another module in a slot.</summary>
    public static ulong Replace(ulong combination, int slot, int module) => With(combination & ~(0xFFUL << (slot * 8)), slot, module);

    /// <summary>Adds the module of a slot that has none yet.</summary>
    public static ulong With(ulong combination, int slot, int module) => combination | ((ulong)module << (slot * 8));
}
