namespace Flywheel.Signals;

/// <summary>A page of remembered signals as it is stored.</summary>
public sealed record StoredPage(PageKey Key, long ExpiresAtMs, byte[] Bits);
