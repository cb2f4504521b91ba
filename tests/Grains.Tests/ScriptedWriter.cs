using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Grains.Tests;

/// <summary>Test double of a writer: it offers the texts it is given, or never answers.</summary>
public sealed class ScriptedWriter : IMessageWriter
{
    private readonly TaskCompletionSource<WritingRequest> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public string Name => "scripted";

    public WritingUsage MostUsage { get; } = new(1_000, 100, 50);

    public ImmutableArray<string> Texts { get; set; } = ["Shoes that feel like home"];

    /// <summary>True where it waits until the silo ends.</summary>
    public bool Hangs { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The first request.</summary>
    public Task<WritingRequest> Asked => _asked.Task;

    public async Task<WritingResult> WriteAsync(WritingRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _asked.TrySetResult(request);
        if (Hangs)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return new WritingResult
        {
            Writer = WriterKind.Model,
            Candidates = [.. Texts.Select(text => new Candidate(ModuleContent.From(JsonSerializer.SerializeToElement(new { text })), ImmutableSortedDictionary<string, string>.Empty))],
            Usage = new WritingUsage(100, 10, 5),
        };
    }
}
