using System.Text.Json;

namespace Flywheel.Allocations.Tests;

/// <summary>The figures of <c>benchmarks/Micro/allocations.json</c>.</summary>
internal static class ExpectedAllocations
{
    public const string File = "benchmarks/Micro/allocations.json";

    private const double Tolerance = 0.05;

    /// <summary>Bytes an operation, by benchmark.</summary>
    public static IReadOnlyDictionary<string, double> Load()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "allocations.json")));
        return document.RootElement.GetProperty("bytes").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetDouble());
    }

    /// <summary>Zero is exact; anything else may be 5 % more.</summary>
    public static bool Allows(double expected, double came) => came <= expected * (1 + Tolerance);
}
