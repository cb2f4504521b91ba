namespace Flywheel.Client;

/// <summary>A silo of the cluster.</summary>
/// <param name="Address">Where the others reach it.</param>
/// <param name="Status">A word of the membership protocol: <c>active</c>, <c>joining</c>, <c>shuttingDown</c>, <c>stopping</c>, <c>dead</c> and so on.</param>
/// <param name="Since">When it started.</param>
/// <param name="IsThis">Whether it is the one that answers.</param>
public sealed record SiloReport(string Address, string Status, DateTimeOffset Since, bool IsThis);
