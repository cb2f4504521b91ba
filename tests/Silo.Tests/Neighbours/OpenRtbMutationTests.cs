using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Xunit.Sdk;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>
/// Whatever becomes of the IAB's examples, the answer is 200, 204 or 400, never a fault; what is bid is well formed, fills all that is required and exceeds
/// no length. The cases are the same in every run.
/// </summary>
public sealed class OpenRtbMutationTests(Engine engine, ITestOutputHelper output) : EngineTest(engine)
{
    private const ulong Seed = 26_120;

    private static readonly Gen<string> Envelope = Gen.OneOf(NativeBids.Envelopes);

    private static readonly Gen<int> Length = Gen.Frequency((4, Gen.Int[0, 70]), (1, Gen.OneOf(25, 90, 140, 1_000)));

    private static readonly Gen<(string Kind, JsonObject Wanted)> Wanted = Gen.Frequency(
        (3, Length.Select(length => ("title", new JsonObject { ["len"] = length }))),
        (3, Gen.Select(Gen.Int[1, 13], Length.Nullable()).Select((type, length) => ("data", length is { } longest ? new JsonObject { ["type"] = type, ["len"] = longest } : new JsonObject { ["type"] = type }))),
        (2, Gen.Select(Gen.OneOf(0, 1, 3), Gen.Int[1, 1_300], Gen.Int[1, 700], Gen.Bool).Select((type, width, height, least) =>
            ("img", new JsonObject { ["type"] = type, [least ? "wmin" : "w"] = width, [least ? "hmin" : "h"] = height }))),
        (1, Gen.Const(("video", new JsonObject { ["mimes"] = new JsonArray("video/mp4") }))));

    /// <summary>Native requests of assets of any kind, number and size.</summary>
    private static readonly Gen<JsonObject> Native = Gen.Select(Gen.Select(Wanted, Gen.Bool).Array[1, 6], Gen.OneOf("[1]", "[2]", "[1,2]", "")).Select((assets, methods) =>
    {
        var native = new JsonObject
        {
            ["ver"] = "1.2",
            ["assets"] = new JsonArray([.. assets.Select((asset, i) => (JsonNode)new JsonObject { ["id"] = 10 + i, ["required"] = asset.Item2 ? 1 : 0, [asset.Item1.Kind] = asset.Item1.Wanted.DeepClone() })]),
        };
        if (methods.Length > 0)
            native["eventtrackers"] = JsonNode.Parse($$"""[{"event":1,"methods":{{methods}}}]""");
        return native;
    });

    /// <summary>What a member may become.</summary>
    private static readonly Gen<string> Value = Gen.OneOf(
        "null", "true", "false", "0", "1", "-1", "2", "1.5", "25", "1e400", "2147483648", "\"\"", "\"1\"", "\"IAB18\"", "\"EUR\"", "\"\\ud800\"", "[]", "{}", "[1]", "[\"a\"]", "[null]", "[{}]", "{\"id\":1}", "[[[[]]]]");

    [Fact]
    public Task Bid_ForAssetsOfAnyKind_FitsThemAll() => ForAllAsync(Gen.Select(Envelope, Native, Gen.Bool).Select((envelope, native, asObject) => NativeBids.Request(envelope, native, asObject).ToJsonString()), 600);

    [Fact]
    public Task Bid_ForAnExampleWithOtherMembers_IsOneOrNone() => ForAllAsync(
        Gen.Select(Envelope, Gen.OneOf(NativeBids.Natives), Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 3], Value).Array[1, 3], Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 3], Value).Array[0, 2]).Select((envelope, native, outside, inside) =>
            Mutate(NativeBids.Request(envelope, Mutate(NativeBids.Example(native), inside)), outside).ToJsonString()),
        1_200);

    private async Task ForAllAsync(Gen<string> requests, int cases)
    {
        await PutAsync(NativeBids.Document);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < cases; i++)
        {
            var request = requests.Generate(new PCG((uint)i, Seed), null!, out _);
            try
            {
                var outcome = await AskAsync(request);
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new XunitException($"case {i}, {request}: {e.Message}", e);
            }
        }
        output.WriteLine(string.Join(", ", outcomes.Select(outcome => $"{outcome.Key}: {outcome.Value.ToString(CultureInfo.InvariantCulture)}")));
        // Else the cases would prove nothing.
        Assert.True(outcomes.GetValueOrDefault("bid") >= cases / 20, $"{outcomes.GetValueOrDefault("bid")} bids of {cases}");
    }

    private async Task<string> AskAsync(string request)
    {
        var answer = await Api.PostAsync($"/openrtb/2.6/bid/{Campaign}", request);
        Assert.Contains(answer.Status, (int[])[200, 204, 400]);
        if (answer.Status != 200)
        {
            Assert.Empty(answer.Bytes);
            return Assert.Single(answer.Headers.GetValues("x-flywheel-reason")).Split(';')[0];
        }
        return NativeBids.Check(JsonNode.Parse(request)!, answer.Json) > 0 ? "bid" : $"nbr {answer.Json["nbr"]}";
    }

    /// <summary>Changes members, wherever they are: another value, none, or another member's.</summary>
    private static JsonObject Mutate(JsonObject root, IEnumerable<(int Place, int What, string Value)> changes)
    {
        foreach (var (place, what, value) in changes)
        {
            var members = MembersOf(root).ToList();
            if (members.Count == 0)
                break;
            var (parent, name) = members[place % members.Count];
            if (what == 0)
            {
                parent.Remove(name);
                continue;
            }
            var (other, from) = members[(place / 7) % members.Count];
            parent[name] = what == 1 ? other[from]?.DeepClone() : JsonNode.Parse(value == "\"\\ud800\"" ? "\"\\ufffd\"" : value);
        }
        return root;
    }

    private static IEnumerable<(JsonObject Parent, string Name)> MembersOf(JsonNode? node) => node switch
    {
        JsonObject parent => parent.SelectMany(member => MembersOf(member.Value).Prepend((parent, member.Key))),
        JsonArray array => array.SelectMany(MembersOf),
        _ => [],
    };
}
