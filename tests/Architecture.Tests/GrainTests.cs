using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Services;

namespace Flywheel.Architecture.Tests;

/// <summary>What a rename must never change: the names of grains and messages on the wire and in storage.</summary>
public sealed class GrainTests
{
    private static readonly Type[] Interfaces = [.. Assemblies.Abstractions.Written().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))];

    private static readonly Type[] Messages = [.. Assemblies.Abstractions.Written().Where(type => !type.IsInterface && !type.IsEnum)];

    private static readonly Type[] Grains = [.. Assemblies.Grains.Written().Where(type => typeof(Grain).IsAssignableFrom(type))];

    [Fact]
    public void Grain_Classes_AreSealedAndNamed()
    {
        Assert.NotEmpty(Grains);
        Assert.All(Grains, grain =>
        {
            Assert.True(grain.IsSealed, $"{grain} is not sealed");
            Assert.True(grain.GetCustomAttribute<GrainTypeAttribute>() is not null, $"{grain} has no [GrainType]");
            Assert.True(grain.IsAssignableTo(Interfaces.SingleOrDefault(contract => contract.Name == $"I{grain.Name}")), $"{grain} is not the grain of I{grain.Name}");
        });
    }

    [Fact]
    public void Grain_Services_AreSealed() =>
        Assert.All(Assemblies.Grains.Written().Where(type => typeof(IGrainService).IsAssignableFrom(type)), service => Assert.True(service.IsSealed, $"{service} is not sealed"));

    [Fact]
    public void Grain_Interfaces_HaveAnAliasOfTheirOwn()
    {
        Assert.NotEmpty(Interfaces);
        AssertAliases(Interfaces, contract => contract.Name);
    }

    [Fact]
    public void Grain_Methods_HaveAnAliasAndAreVerbsThatCanBeCancelled() => Assert.All(Interfaces, contract =>
    {
        AssertAliases(contract.GetMethods(), method => $"{contract.Name}.{method.Name}");
        Assert.All(contract.GetMethods(), method =>
        {
            Assert.True(typeof(Task).IsAssignableFrom(method.ReturnType), $"{contract.Name}.{method.Name} does not return a task");
            Assert.True(method.Name.EndsWith("Async", StringComparison.Ordinal) && !method.Name.StartsWith("Get", StringComparison.Ordinal), $"{contract.Name}.{method.Name} is no verb");
            Assert.True(
                typeof(IGrainService).IsAssignableFrom(contract) || method.GetParameters() is [.., var last] && last.ParameterType == typeof(CancellationToken),
                $"{contract.Name}.{method.Name} does not end with a cancellation token");
        });
    });

    [Fact]
    public void Messages_OfAllGrains_AreSealedImmutableRecordsWithAnAliasOfTheirOwn()
    {
        Assert.NotEmpty(Messages);
        AssertAliases(Messages, message => message.Name);
        Assert.All(Messages, message =>
        {
            Assert.True(message.IsSealed && message.GetMethod("<Clone>$") is not null, $"{message} is no sealed record");
            Assert.True(message.GetCustomAttribute<ImmutableAttribute>() is not null, $"{message} has no [Immutable]");
            Assert.True(message.GetCustomAttribute<GenerateSerializerAttribute>() is not null, $"{message} has no [GenerateSerializer]");
        });
    }

    [Fact]
    public void Messages_Members_AreInitOnlyAndNumbered() => Assert.All(Messages, message =>
    {
        var members = message.GetProperties().Where(property => property.GetSetMethod() is not null || property.GetCustomAttribute<IdAttribute>() is not null).ToArray();
        Assert.NotEmpty(members);
        Assert.All(members, member =>
        {
            Assert.True(IsInitOnly(member), $"{message.Name}.{member.Name} can be set");
            Assert.True(member.GetCustomAttribute<IdAttribute>() is not null, $"{message.Name}.{member.Name} has no [Id]");
        });
        Assert.Distinct(members.Select(member => member.GetCustomAttribute<IdAttribute>()!.Id));
        Assert.DoesNotContain(message.GetFields(BindingFlags.Public | BindingFlags.Instance), field => !field.IsInitOnly);
    });

    /// <summary>Payloads of the domain travel inside messages marked immutable, so they must be so too.</summary>
    [Fact]
    public void DomainPayloads_InMessages_HoldNothingThatCanBeSet()
    {
        var seen = new ConcurrentDictionary<Type, bool>();
        foreach (var message in Messages)
            Visit(message);

        Assert.Contains(typeof(Domain.Learning.SegmentCounts), seen.Keys);
        Assert.All(seen.Keys, type => Assert.All(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.True(IsInitOnly(property), $"{type.Name}.{property.Name} can be set")));

        void Visit(Type type)
        {
            foreach (var part in type.IsGenericType ? type.GetGenericArguments() : [])
                Visit(part);
            if (type.Assembly != Assemblies.Decisions && type.Assembly != Assemblies.Domain && type.Assembly != Assemblies.Abstractions || !seen.TryAdd(type, true))
                return;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                Visit(property.PropertyType);
        }
    }

    private static bool IsInitOnly(PropertyInfo property) =>
        property.GetSetMethod() is not { } setter || setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static void AssertAliases<T>(IReadOnlyCollection<T> members, Func<T, string> name)
        where T : MemberInfo
    {
        Assert.All(members, member => Assert.True(member.GetCustomAttribute<AliasAttribute>() is not null, $"{name(member)} has no [Alias]"));
        Assert.Distinct(members.Select(member => member.GetCustomAttribute<AliasAttribute>()!.Alias));
    }
}
