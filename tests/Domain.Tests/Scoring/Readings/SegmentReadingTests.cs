using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Scoring.Readings;

namespace Flywheel.Domain.Tests.Scoring.Readings;

public sealed class SegmentReadingTests
{
    [Fact]
    public void Of_Counts_ReadsEachModuleAsTheScoresShowIt()
    {
        var reading = ReadingCase.Segment("young-urban", ["h1"], ["h4"], [(1_000, 30), (2_000, 90), (500, 10), (40, 1)]);
        var headline = reading.Slots[0];

        Assert.Equal(["headline", "image"], reading.Slots.Select(slot => slot.Id));
        Assert.Equal([(1_000L, 30.0), (2_000, 90), (500, 10), (40, 1)], headline.Modules.Select(module => (module.Impressions, module.Rewards)));
        Assert.Equal(ResonanceScale.Resonances([.. headline.Modules.Select(module => module.Estimate)]), headline.Modules.Select(module => module.Resonance));
        Assert.Equal("curiosity", headline.Modules[1].Attributes["angle"]);
        Assert.Equal(["h1"], headline.Modules.Where(module => module.Faded is not null).Select(module => module.Id));
        Assert.Equal(["h4"], headline.Modules.Where(module => module.IsNew).Select(module => module.Id));
    }

    [Fact]
    public void Of_ControlAndObserved_CountsTheFirstAndNotTheSecond()
    {
        var counts = ReadingCase.Counts((0, 0));
        counts = counts with
        {
            Channels =
            [
                counts.Channels[0] with
                {
                    Modules =
                    [
                        new ModuleTally(ReadingCase.Key("h1"), TallySource.Learned, 100, 4_000_000),
                        new ModuleTally(ReadingCase.Key("h1"), TallySource.Control, 10, 1_000_000),
                        new ModuleTally(ReadingCase.Key("h1"), TallySource.Observed, 1_000, 9_000_000),
                    ],
                },
            ],
        };
        var fit = new ModuleEffectsLearner().Fit(new LearnerInput(ReadingCase.Layout.ModuleKeys, counts, 1, 0, 0, 1_000_000, 7));
        var module = SegmentReading.Of(ReadingCase.Layout, "default", counts, fit, [], new HashSet<ulong>()).Slots[0].Modules[0];

        Assert.Equal((110, 5.0), (module.Impressions, module.Rewards));
    }

    [Fact]
    public void Of_FitForOtherModules_SaysWhatCameAndWhatWasDue()
    {
        var fit = new ModuleEffectsLearner().Fit(Learning.Evidence.OneSlot((10, 1), (10, 1)));
        var error = Assert.Throws<ArgumentException>(() => SegmentReading.Of(ReadingCase.Layout, "default", SegmentCounts.None, fit, [], new HashSet<ulong>()));

        Assert.StartsWith("The fit has 2 modules, the layout 4×2.", error.Message, StringComparison.Ordinal);
    }
}
