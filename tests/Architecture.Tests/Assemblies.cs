using System.CodeDom.Compiler;
using System.Reflection;

namespace Flywheel.Architecture.Tests;

/// <summary>Our assemblies, and the types that people wrote in them.</summary>
internal static class Assemblies
{
    public static readonly Assembly Decisions = typeof(Decisions.SegmentPolicy).Assembly;
    public static readonly Assembly Domain = typeof(Domain.Campaigns.Campaign).Assembly;
    public static readonly Assembly Abstractions = typeof(Abstractions.Campaigns.ICampaignGrain).Assembly;
    public static readonly Assembly Signals = typeof(Signals.ISignalStore).Assembly;
    public static readonly Assembly Agents = typeof(Agents.Writing.IMessageWriter).Assembly;
    public static readonly Assembly Grains = typeof(Grains.Campaigns.CampaignGrain).Assembly;
    public static readonly Assembly Client = typeof(Client.FlywheelClient).Assembly;
    public static readonly Assembly Silo = typeof(Silo.Hosting.FlywheelHost).Assembly;

    /// <summary>Without what compilers and Orleans' generator add.</summary>
    public static IEnumerable<Type> Written(this Assembly assembly) => assembly.GetTypes().Where(type =>
        !type.IsNested && type.Namespace?.StartsWith("Flywheel", StringComparison.Ordinal) == true && type.GetCustomAttribute<GeneratedCodeAttribute>() is null);
}
