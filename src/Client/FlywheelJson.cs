using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>The wire, written and read without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Campaign))]
[JsonSerializable(typeof(CampaignList))]
[JsonSerializable(typeof(DecisionBatch))]
[JsonSerializable(typeof(DecisionBatchAnswer))]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(DecisionResult))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(Approval))]
[JsonSerializable(typeof(DecisionComment))]
[JsonSerializable(typeof(Experiment))]
[JsonSerializable(typeof(History))]
[JsonSerializable(typeof(Insights))]
[JsonSerializable(typeof(LeaseAnswer))]
[JsonSerializable(typeof(PolicyCheckpoints))]
[JsonSerializable(typeof(PolicyRollback))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(Proposal))]
[JsonSerializable(typeof(ProposalEdit))]
[JsonSerializable(typeof(ProposalList))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(Scores))]
[JsonSerializable(typeof(ServedModule))]
[JsonSerializable(typeof(ServedReceipt))]
[JsonSerializable(typeof(ServedReport))]
[JsonSerializable(typeof(Signal))]
[JsonSerializable(typeof(SignalsReceipt))]
[JsonSerializable(typeof(StatusChange))]
internal sealed partial class FlywheelJson : JsonSerializerContext;
