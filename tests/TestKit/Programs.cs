namespace Flywheel.TestKit;

/// <summary>Programs that tests need and that may be missing.</summary>
internal static class Programs
{
    /// <summary>The program's file; null where it is missing.</summary>
    /// <param name="alsoIn">A folder beside those of <c>PATH</c>.</param>
    public static string? Find(string name, params string[] alsoIn) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(alsoIn).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
