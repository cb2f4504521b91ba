using System.Text.RegularExpressions;
using Flywheel.Agents.Offline;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Tests;

namespace Flywheel.Agents.Tests.Offline;

/// <summary>What holds for every brief and every seed.</summary>
public sealed partial class OfflineWriterPropertyTests
{
    private const int Cases = 1_000;

    [Fact]
    public void Write_AnyRequest_GivesAtMostWhatWasAskedForOrSaysWhy() => Check((request, result) =>
    {
        Assert.Equal(WriterKind.Offline, result.Writer);
        Assert.Null(result.Failure);
        Assert.Equal(WritingUsage.None, result.Usage);
        Assert.InRange(result.Candidates.Length, 0, request.Candidates);
        Assert.True(result.Candidates.Length == request.Candidates || result.Note is { Length: > 0 });
    });

    [Fact]
    public void Write_AnyRequest_FitsTheSlot() => Check((request, result) =>
        Assert.All(result.TextsOf(), text => Assert.InRange(SlotText.Length(text), 1, request.Slot.MaxLength ?? 2_000)));

    [Fact]
    public void Write_AnyRequest_SaysAllThatMustBeSaid() => Check((request, result) =>
        Assert.All(result.TextsOf(), text => Assert.All(request.Brief?.MustSay ?? [], must => Assert.Contains(must.Trim(), text, StringComparison.Ordinal))));

    [Fact]
    public void Write_AnyRequest_SaysNothingThatMustNotBeSaid() => Check((request, result) =>
        Assert.All(result.TextsOf(), text => Assert.All(request.Brief?.NeverSay.Where(never => never.Length > 0) ?? [], never =>
            Assert.DoesNotContain(Folding.Words(never) is { Length: > 0 } words ? $" {words} " : never, $" {Folding.Words(text)} {text}", StringComparison.Ordinal))));

    [Fact]
    public void Write_AnyRequest_HoldsNoNumberThatTheBriefDoesNot() => Check((request, result) =>
    {
        var brief = request.Brief;
        var backed = Numbers(string.Join(' ', [brief?.Brand ?? "", .. brief?.MustSay ?? [], .. brief?.Claims ?? []])).ToHashSet();
        Assert.All(result.TextsOf(), text => Assert.Subset(backed, Numbers(text).ToHashSet()));
    });

    [Fact]
    public void Write_AnyRequest_HoldsNoMarkupLinkOrLineBreakOfAClaim() => Check((_, result) =>
        Assert.All(result.TextsOf(), text => Assert.DoesNotMatch(@"[<>\n\t]|://", text)));

    [Fact]
    public void Write_AnyRequest_GivesTextsThatReadUnlikeEachOtherAndUnlikeTheModules() => Check((request, result) =>
        Assert.Distinct(result.TextsOf().Concat(SlotText.Of(request.Slot, out var _)!.Texts).Select(Folding.Letters)));

    [Fact]
    public void Write_TheSameRequest_GivesTheSameTexts() => Check((request, result) =>
    {
        var again = Write(request with { });
        Assert.Equal(result.TextsOf(), again.TextsOf());
        Assert.Equal(result.Candidates.Select(candidate => string.Join(',', candidate.Attributes)), again.Candidates.Select(candidate => string.Join(',', candidate.Attributes)));
        Assert.Equal(result.Note, again.Note);
    });

    [Fact]
    public void Write_WhatWasProposedBefore_DoesNotComeAgain() => Check((request, result) =>
    {
        var next = Write(request with { Spent = [.. result.Candidates.Select(candidate => candidate.Content.Hash)] });
        Assert.Empty(next.TextsOf().Intersect(result.TextsOf()));
    });

    private static void Check(Action<WritingRequest, WritingResult> holds)
    {
        var written = 0;
        BriefGen.Any.ForAll(Cases, request =>
        {
            var result = Write(request);
            written += result.Candidates.Length;
            holds(request, result);
        });
        Assert.True(written > Cases, $"{written} texts in {Cases} cases are too few to tell anything");
    }

    /// <summary>The offline writer is done when it returns.</summary>
    private static WritingResult Write(WritingRequest request) => new OfflineWriter().WriteAsync(request, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private static IEnumerable<string> Numbers(string text) => Digits().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
