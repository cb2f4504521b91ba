namespace Flywheel.Client;

/// <summary>An API key, shown once to sign a browser in.</summary>
public sealed record SignIn(string Key);
