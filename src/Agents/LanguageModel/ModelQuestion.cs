using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.SemanticKernel;

namespace Flywheel.Agents.LanguageModel;

/// <summary>What a model is asked.</summary>
/// <param name="Rules">The system message: ours alone, the same for every campaign.</param>
/// <param name="Data">The user message: one JSON document.</param>
/// <param name="Name">Of the answer's form.</param>
/// <param name="Schema">The JSON schema of the answer.</param>
/// <param name="Tools">Functions that the model may call; they take no arguments.</param>
internal sealed record ModelQuestion(string Rules, string Data, string Name, JsonObject Schema, ImmutableArray<KernelFunction> Tools);
