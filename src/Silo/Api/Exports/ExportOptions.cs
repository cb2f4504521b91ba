namespace Flywheel.Silo.Api.Exports;

/// <summary>Scheduled files: where, how often, how many.</summary>
/// <param name="Folder">Made where it is missing.</param>
/// <param name="Every">From midnight of 1970-01-01 UTC on, <see cref="Shortest"/> to <see cref="Longest"/>.</param>
/// <param name="Keep">The newest rounds that are kept, 1 to <see cref="MostKept"/>.</param>
public sealed record ExportOptions(string Folder, TimeSpan Every, int Keep, TableFormat Format)
{
    public const int MostKept = 10_000;
    public const int DefaultKeep = 24;

    public static readonly TimeSpan DefaultEvery = TimeSpan.FromHours(1);
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);
}
