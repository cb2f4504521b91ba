using CsCheck;
using Flywheel.Domain.Webhooks;
using static Flywheel.Domain.Tests.Webhooks.Messages;

namespace Flywheel.Domain.Tests.Webhooks;

public sealed class OutboxTests
{
    private static readonly RetrySchedule Schedule = new();

    [Fact]
    public void Take_WhatComesAgain_IsQueuedOnce()
    {
        var step = With(3).Take([Message(1), Message(3)], Now);

        Assert.Equal([Message(0).Id, Message(1).Id, Message(2).Id, Message(3).Id], step.Next.Queue.Select(queued => queued.Message.Id));
        Assert.Same(step.Next, step.Next.Take([Message(2)], Now).Next);
        // Delivered meanwhile, it is still known.
        var delivered = step.Next.Settle(Message(1).Id, Result(DeliveryOutcome.Delivered, 204), Schedule, 0.5, Now).Next;
        Assert.Same(delivered, delivered.Take([Message(1)], Now).Next);
    }

    [Fact]
    public void Take_WhatIsNotAskedFor_IsLeft()
    {
        var some = Empty with { Definition = Empty.Definition with { Events = [WebhookEvents.ModuleFaded], Campaigns = ["spring"] } };

        var queue = some.Take([Message(0), Message(1, WebhookEvents.ModuleFaded), Message(2, WebhookEvents.ModuleFaded, "autumn"), Message(3, WebhookEvents.Test, null)], Now).Next.Queue;

        Assert.Equal([Message(1, WebhookEvents.ModuleFaded).Id, Message(3, WebhookEvents.Test, null).Id], queue.Select(queued => queued.Message.Id));
        var off = Empty with { Definition = Empty.Definition with { IsEnabled = false } };
        Assert.Same(off, off.Take([Message(0)], Now).Next);
    }

    [Fact]
    public void Take_BeyondTheMost_GivesUpTheOldestAndDropsTheOldestOfThose()
    {
        var full = Empty;
        var (died, dropped) = (0, 0);
        for (var number = 0; number < 300; number += 10)
        {
            var step = full.Take(Enumerable.Range(number, 10).Select(each => Message(each)), Now);
            (full, died, dropped) = (step.Next, died + step.Died, dropped + step.Dropped);
        }

        Assert.Equal((Outbox.MostQueued, Outbox.MostDead, Outbox.MostKnown), (full.Queue.Length, full.Dead.Length, full.Known.Length));
        Assert.Equal((300 - Outbox.MostQueued, 300 - Outbox.MostQueued - Outbox.MostDead), (died, dropped));
        Assert.Equal((Message(299).Id, Message(300 - Outbox.MostQueued - 1).Id), (full.Queue[^1].Message.Id, full.Dead[^1].Message.Id));
        Assert.All(full.Dead, letter => Assert.Equal(DeliveryOutcome.Overflowed, letter.Outcome));
    }

    [Fact]
    public void Settle_Failures_WaitLongerEachTimeUntilItIsADeadLetter()
    {
        var (outbox, now, waits) = (With(1), Now, new List<TimeSpan>());
        while (outbox.Queue is [var queued])
        {
            now = queued.NextAt;
            outbox = outbox.Settle(queued.Message.Id, Result(DeliveryOutcome.Failed, 500), Schedule, 0.5, now).Next;
            if (outbox.Queue is [var next])
                waits.Add(next.NextAt - now);
        }

        Assert.Equal(Schedule.Attempts - 1, waits.Count);
        Assert.Equal([5, 20, 80, 320], waits.Take(4).Select(wait => wait.TotalSeconds));
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(now - Now, TimeSpan.FromHours(48), TimeSpan.FromHours(72));
        var letter = Assert.Single(outbox.Dead);
        Assert.Equal((Schedule.Attempts, now, DeliveryOutcome.Failed, 500), (letter.Attempts, letter.At, letter.Outcome, letter.Status!.Value));
        Assert.Equal(Schedule.Attempts, outbox.Deliveries.Length);
    }

    [Fact]
    public void After_AnyChanceAndWhatWasAsked_KeepsItsBounds()
    {
        Gen.Select(Gen.Int[1, 11], Gen.Double[0, 1], Gen.Int[0, 1_000_000]).ForAll(500, drawn =>
        {
            var (attempts, chance, asked) = drawn;
            var wait = Schedule.After(attempts, TimeSpan.FromSeconds(asked), chance)!.Value;
            var plain = Math.Min(Schedule.Longest.TotalSeconds, 5 * Math.Pow(4, attempts - 1));
            Assert.InRange(wait.TotalSeconds, plain * 0.8 - 1e-6, Math.Max(plain * 1.2, Math.Min(asked, Schedule.Longest.TotalSeconds)) + 1e-6);
            Assert.True(wait >= TimeSpan.FromSeconds(Math.Min(asked, Schedule.Longest.TotalSeconds)) || wait.TotalSeconds >= plain * 0.8, $"{wait}");
        });
        Assert.Null(Schedule.After(Schedule.Attempts, null, 0));
    }

    [Theory]
    [InlineData(DeliveryOutcome.Forbidden)]
    [InlineData(DeliveryOutcome.Gone)]
    public void Settle_WhatWillNotGetBetter_IsNotTriedAgain(DeliveryOutcome outcome)
    {
        var step = With(3).Settle(Message(1).Id, Result(outcome), Schedule, 0.5, Now);

        var isGone = outcome == DeliveryOutcome.Gone;
        Assert.Equal((isGone, !isGone, isGone ? 3 : 1), (step.Next.IsGone, step.Next.Definition.IsEnabled, step.Died));
        Assert.Equal(isGone ? 0 : 2, step.Next.Queue.Length);
        Assert.Equal(Message(1).Id, step.Next.Dead[0].Message.Id);
        Assert.Null(isGone ? step.Next.Next() : null);
    }

    [Fact]
    public void Settle_WhatDoesNotWait_ChangesNothing()
    {
        var outbox = With(1);

        Assert.Same(outbox, outbox.Settle("msg_other", Result(DeliveryOutcome.Delivered, 200), Schedule, 0.5, Now).Next);
    }

    [Fact]
    public void Replay_OneAndAll_AreSentAgainAsTheyWere()
    {
        var dead = With(3);
        foreach (var id in dead.Queue.Select(queued => queued.Message.Id))
            dead = dead.Settle(id, Result(DeliveryOutcome.Forbidden), Schedule, 0.5, Now).Next;

        var one = dead.Replay(Message(1).Id, Now, out var replayed);
        Assert.Equal((1, 2), (replayed, one.Dead.Length));
        Assert.Equal(new QueuedMessage(Message(1), 0, Now), Assert.Single(one.Queue));
        var all = one.Replay(null, Now, out replayed);
        Assert.Equal((2, 0, 3), (replayed, all.Dead.Length, all.Queue.Length));
        Assert.Same(all, all.Replay(null, Now, out replayed));
        Assert.Equal(0, replayed);
    }

    [Fact]
    public void Replay_WithoutRoom_LeavesTheRest()
    {
        var full = Empty.Take(Enumerable.Range(0, Outbox.MostQueued + 5).Select(number => Message(number)), Now).Next;
        full = full.Settle(full.Queue[0].Message.Id, Result(DeliveryOutcome.Delivered, 200), Schedule, 0.5, Now).Next;

        var replayed = full.Replay(null, Now, out var many);

        Assert.Equal((1, 4, Outbox.MostQueued), (many, replayed.Dead.Length, replayed.Queue.Length));
    }

    [Fact]
    public void Sign_AfterARotation_HasBothSecretsForADay()
    {
        var rotated = Empty.Rotate(WebhookSecret.Of(new byte[WebhookSecret.Length]), Now);

        Assert.Equal(2, rotated.Sign(Message(0), Now.AddHours(23)).Split(' ').Length);
        Assert.Equal(rotated.Sign(Message(0), Now.AddHours(25)), WebhookSecret.Sign(rotated.Secret, Message(0).Id, Now.AddHours(25).ToUnixTimeSeconds(), Message(0).Body));
    }

    /// <summary>The example that the libraries of the standard are tested with.</summary>
    [Fact]
    public void Sign_TheStandardsExample_IsItsSignature() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSecret.Sign(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}"""));
}
