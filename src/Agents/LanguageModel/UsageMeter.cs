using Flywheel.Agents.Writing;
using Microsoft.SemanticKernel.ChatCompletion;
using OpenAI.Chat;

namespace Flywheel.Agents.LanguageModel;

/// <summary>Adds up what the calls of one request used.</summary>
internal sealed class UsageMeter(decimal inputPrice, decimal outputPrice)
{
    /// <summary>About what a token of European text takes, where the endpoint does not count.</summary>
    private const int CharactersPerToken = 4;

    private long _input;
    private long _output;

    /// <summary>Cost rounded up: a price for a million tokens is as many millionths for one.</summary>
    public WritingUsage Usage => new(_input, _output, (long)decimal.Ceiling(_input * inputPrice + _output * outputPrice));

    public void Add(ChatTokenUsage? counted, ChatHistory sent, string? received) =>
        Add(Math.Max(0, counted?.InputTokenCount ?? sent.Sum(message => Estimate(message.Content))), Math.Max(0, counted?.OutputTokenCount ?? Estimate(received)));

    public void Add(long input, long output) => (_input, _output) = (_input + input, _output + output);

    private static int Estimate(string? text) => ((text?.Length ?? 0) + CharactersPerToken - 1) / CharactersPerToken;
}
