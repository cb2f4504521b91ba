using System.Text.Json.Serialization;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Who wrote a proposal; <c>offline</c>, <c>model</c> or <c>person</c> in JSON.</summary>
[JsonConverter(typeof(CamelCaseNames<ProposalWriter>))]
public enum ProposalWriter
{
    Offline,
    Model,
    Person,
}
