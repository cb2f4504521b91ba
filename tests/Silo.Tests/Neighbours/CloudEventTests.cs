namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>Signals as the data of CloudEvents, in each form of the HTTP binding.</summary>
public sealed class CloudEventTests(Engine engine) : EngineTest(engine)
{
    private const string One = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json; charset=utf-8";

    /// <summary>What waits for the rest sends a signal of its own.</summary>
    private const int Barrier = 1;

    [Fact]
    public async Task Structured_EventSentAgain_CountsOnce()
    {
        await PutAsync(Wire.Spring);
        var decision = await Api.DecideAsync(Campaign);
        var made = Event("e-1", Wire.Signal(decision, "click"));

        (await Api.PostAsync("/v1/signals", made, One)).Expect(202);
        (await Api.PostAsync("/v1/signals", $"[{made},{Event("e-2", Wire.Signal(decision, "impression"))}]", Batch)).Expect(202);

        Accepted += 3;
        var scores = await SettledAsync();
        Assert.Equal((2 + Barrier, 1), (scores.Ledger.Counted, scores.Ledger.Duplicate));
        Assert.Equal((1, 1), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
    }

    [Fact]
    public async Task Structured_WhatAnotherSystemServed_HasTheEventsIdAndTime()
    {
        await PutAsync(Wire.Spring);
        var data = $$"""{"campaign":"{{Campaign}}","modules":{"headline":"h2"},"type":"click","count":12}""";
        var (first, again, other) = (Event("e-1", data), Event("e-1", data), Event("e-1", data, source: "/crm/other"));

        (await Api.PostAsync("/v1/signals", $"[{first},{again},{other}]", Batch)).Expect(202);

        Accepted += 3;
        Assert.Equal((2 + Barrier, 1), (await SettledAsync()) is var scores ? (scores.Ledger.Counted, scores.Ledger.Duplicate) : default);
    }

    [Fact]
    public async Task Binary_AttributesInHeaders_CountsTheBody()
    {
        await PutAsync(Wire.Spring);
        var decision = await Api.DecideAsync(Campaign);
        for (var times = 0; times < 2; times++)
        {
            using var request = new HttpRequestMessage { Content = Api.Body(Wire.Signal(decision, "click")) };
            foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "e-7"), ("ce-source", "/shop"), ("ce-type", "com.example.click"), ("ce-time", "2026-05-04T10:00:00Z") })
                request.Headers.Add(name, name == "ce-time" ? $"{TimeProvider.System.GetUtcNow():O}" : value);
            (await Api.SendAsync(request, HttpMethod.Post, "/v1/signals")).Expect(202);
        }

        Accepted += 2;
        Assert.Equal((1 + Barrier, 1), (await SettledAsync()) is var scores ? (scores.Ledger.Counted, scores.Ledger.Duplicate) : default);
    }

    [Fact]
    public async Task Binary_OfTheSameEvent_IsADuplicateOfTheStructuredOne()
    {
        await PutAsync(Wire.Spring);
        var click = Wire.Signal(await Api.DecideAsync(Campaign), "click");
        (await Api.PostAsync("/v1/signals", Event("order é 7", click), One)).Expect(202);

        using var request = new HttpRequestMessage { Content = Api.Body(click) };
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "order%20%C3%A9%207"), ("ce-source", "/shop"), ("ce-type", "com.example.signal") })
            request.Headers.Add(name, value);
        (await Api.SendAsync(request, HttpMethod.Post, "/v1/signals")).Expect(202);

        Accepted += 2;
        Assert.Equal((1 + Barrier, 1), (await SettledAsync()) is var scores ? (scores.Ledger.Counted, scores.Ledger.Duplicate) : default);
    }

    [Theory]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/a","type":"t","data":{"type":"click"}}""", "specversion: came \"0.3\"; expected \"1.0\"")]
    [InlineData("""{"specversion":"1.0","source":"/a","type":"t","data":{"type":"click"}}""", "id: came nothing")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"t","data":{"type":"click"}}""", "source: came nothing")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"a b","type":"t","data":{"type":"click"}}""", "source: came \"a b\"")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","data":{"type":"click"}}""", "type: came nothing")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t"}""", "data: came nothing")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","data":5}""", "data: came no JSON object")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","data_base64":"e30="}""", "data_base64")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"noon","data":{"type":"click"}}""", "time: came \"noon\"")]
    [InlineData("""{"specversion":1,"id":"1","source":"/a","type":"t","data":{"type":"click"}}""", "specversion: came 1;")]
    public async Task Event_ThatIsNone_IsRefusedByName(string made, string message)
    {
        var answer = (await Api.PostAsync("/v1/signals", made, One)).Expect(400);

        Assert.Contains(message, answer.Text.Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_WithManySignals_IsRefused()
    {
        using var request = new HttpRequestMessage { Content = Api.Body("""[{"type":"click"},{"type":"click"}]""") };
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "e-7"), ("ce-source", "/shop"), ("ce-type", "t") })
            request.Headers.Add(name, value);

        (await Api.SendAsync(request, HttpMethod.Post, "/v1/signals")).Expect(400);
    }

    /// <summary>Who sends one form under the name of the other may have lost something on the way.</summary>
    [Theory]
    [InlineData(One, "[]")]
    [InlineData(One, "[{}]")]
    [InlineData(Batch, "{}")]
    public async Task Body_OfAnotherFormThanItSays_IsRefusedAndCountsNothing(string type, string body)
    {
        await PutAsync(Wire.Spring);
        var event1 = Event("e-1", Wire.Signal(await Api.DecideAsync(Campaign), "click"));

        var answer = (await Api.PostAsync("/v1/signals", body.Replace("{}", event1, StringComparison.Ordinal), type)).Expect(400);

        Assert.Contains("application/cloudevents", answer.Text, StringComparison.Ordinal);
    }

    private static string Event(string id, string data, string source = "/shop") =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"com.example.signal","time":"{{TimeProvider.System.GetUtcNow():O}}","datacontenttype":"application/json","data":{{data}}}""";
}
