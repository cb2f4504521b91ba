using System.Text.RegularExpressions;

namespace Flywheel.Grains.Tests.Storage;

/// <summary>What grains store of <see cref="Documents.Spring"/> once it is published, the same in every store. Never changed: earlier releases wrote it.</summary>
internal static partial class StoredCampaign
{
    /// <summary>Of the module headline/h1.</summary>
    public const string Headline = """{"NextVersion":2,"Versions":[{"Version":1,"ContentHash":3108435288313410619}]}""";

    public static string Of(string id, ulong incarnation, long revision = 1) =>
        $$$$"""{"Published":{"Id":"{{{{id}}}}","Incarnation":{{{{incarnation}}}},"Revision":{{{{revision}}}},"LayoutRevision":{{{{revision}}}},"Campaign":{"id":"campaign","status":"live","slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"Run lighter"}},{"id":"h2","content":{"text":"Run further"}}]},{"id":"image","modules":[{"id":"i1","content":{}}]}],"segments":[{"id":"young","match":{"age":{"lt":30}}}],"rewards":{"click":1},"policy":{"control":0.05,"minPropensity":0,"attributionWindow":"01:00:00"}},"Versions":[[1,1],[1]]},"Deleting":false,"Modules":["headline/h1","headline/h2","image/i1"],"Segments":["default","young"]}""";

    /// <summary>What this release stores, without the entry of the history that the first release did not have.</summary>
    public static string WithoutUntold(string json)
    {
        var match = Untold().Match(json);
        Assert.True(match.Success, $"Expected an entry for the history; came {json}");
        return json.Remove(match.Index, match.Length);
    }

    [GeneratedRegex("""
        ,"Untold":\{"Next":2,"Entries":\[\{"At":"[^"]+","Actor":"person","Kind":"created","Number":1,"Request":null,"Proposal":null,"Slot":null,"Module":null,"Segment":null,"Version":null,"Share":null,"Writer":null,"Comment":null,"Evidence":\[\],"Findings":\[\]\}\]\}
        """)]
    private static partial Regex Untold();
}
