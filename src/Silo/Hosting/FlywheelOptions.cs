namespace Flywheel.Silo.Hosting;

/// <summary>How the engine is started: command line, environment (<c>FLYWHEEL__…</c>) or appsettings, in that order of precedence.</summary>
public sealed record FlywheelOptions
{
    public const string Section = "Flywheel";
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Where the embedded store and the token key are kept; made where it is missing.</summary>
    public string Data { get; init; } = "data";

    /// <summary>Partitions of the signal log, 1 to 64; fixed once data is there.</summary>
    public int Partitions { get; init; } = 16;

    /// <summary>The file of token keys; <c>token.key</c> in <see cref="Data"/> unless named.</summary>
    public string? TokenKey { get; init; }

    /// <summary>Runs the demo campaign and its simulated audience.</summary>
    public bool Demo { get; init; }

    /// <summary>Which of the bundled headline tests the demo runs, from 1.</summary>
    public int DemoTest { get; init; } = 1;

    public string TokenKeyPath => TokenKey ?? Path.Combine(Data, "token.key");
}
