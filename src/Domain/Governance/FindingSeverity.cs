using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Domain.Governance;

/// <summary>What follows from a finding, least first; <c>info</c>, <c>warning</c> or <c>block</c> in JSON.</summary>
[JsonConverter(typeof(Converter))]
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Whoever decides should look at it.</summary>
    Warning,

    /// <summary>The candidate must not be served.</summary>
    Block,
}

/// <summary>Names alone: a number would change its meaning with the order of the members.</summary>
file sealed class Converter() : JsonStringEnumConverter<FindingSeverity>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
