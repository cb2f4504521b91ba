using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Stored names alone, in camel case: a number would change its meaning with the order of the members.</summary>
internal sealed class CamelCaseNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
