namespace Flywheel.Domain.Access;

/// <summary>Roles by name, and what each brings with it.</summary>
public static class Roles
{
    public static IReadOnlyList<string> Names { get; } = ["serve", "read", "operate", "admin"];

    /// <summary>What a role of this name may do; <see cref="Role.None"/> where there is none.</summary>
    public static Role Named(string? name) => name switch
    {
        "serve" => Role.Serve,
        "read" => Role.Read,
        "operate" => Role.Read | Role.Operate,
        "admin" => Role.Serve | Role.Read | Role.Operate | Role.Admin,
        _ => Role.None,
    };
}
