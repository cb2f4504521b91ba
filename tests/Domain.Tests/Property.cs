using CsCheck;
using Xunit.Sdk;

namespace Flywheel.Domain.Tests;

/// <summary>Checks a property over generated cases. The cases are the same in every run, so a failure names one that comes back.</summary>
internal static class Property
{
    private const ulong Seed = 20_260_504;

    public static void ForAll<T>(this Gen<T> generator, int cases, Action<T> holds)
    {
        for (var i = 0; i < cases; i++)
        {
            var value = generator.Generate(new PCG((uint)i, Seed), null!, out _);
            try
            {
                holds(value);
            }
            catch (Exception e)
            {
                throw new XunitException($"case {i}, {value}: {e.Message}", e);
            }
        }
    }
}
