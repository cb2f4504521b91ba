using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Decisions;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Webhooks;

/// <summary>
/// A webhook, by tenant and id. Owns its definition, its secret and its outbox, durable before it answers. It sends one message at a time, outside its own
/// turn, and what it sent waits on until the attempt has ended: what is cut off is sent again, under the same id. Called when something is told, when an
/// attempt ends, and once a minute.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
[GrainType("flywheel.webhook")]
public sealed class WebhookGrain(
    [PersistentState("webhook", StorageNames.Default)] IPersistentState<Outbox> state,
    IWebhookCourier courier,
    IWebhookMeter meter,
    RetrySchedule retries,
    TimeProvider time) : Grain, IWebhookGrain
{
    /// <summary>An attempt of which nothing was heard for so long is made again; a courier gives up earlier.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Timers take no longer ones, and it is looked at once a minute anyway.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private static readonly WebhookOutcome Unknown = new(null);

    private IGrainTimer? _timer;

    /// <summary>The id of the message that is on its way, and since when.</summary>
    private (string Id, long Since)? _sending;

    private string Id => this.GetPrimaryKeyString();

    private Outbox Outbox => state.State;

    private IWebhookDirectoryGrain Directory => GrainFactory.GetGrain<IWebhookDirectoryGrain>(0);

    private WebhookStandingMessage Standing => new(Id, Outbox.Definition, Outbox.CreatedAt, Outbox.IsGone, Outbox.Queue.Length, Outbox.Dead.Length);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Schedule();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        meter.Left(Id);
        return Task.CompletedTask;
    }

    public async Task<WebhookOutcome> PutAsync(WebhookPutMessage put, CancellationToken cancellationToken)
    {
        if (Outbox.Exists())
        {
            await SaveAsync(Outbox.Put(put.Definition), cancellationToken);
            return new WebhookOutcome(Standing);
        }
        // Known before it is there: one name too many does no harm, one that is there unknown would never be woken.
        if (await Directory.AddAsync(Id, cancellationToken) is { } refused)
            return new WebhookOutcome(null, refused);
        await SaveAsync(Outbox.None with { Definition = put.Definition, CreatedAt = time.GetUtcNow(), Secret = NewSecret() }, cancellationToken);
        return new WebhookOutcome(Standing) { IsCreated = true, Secret = Outbox.Secret };
    }

    public Task<WebhookStandingMessage?> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(Outbox.Exists() ? Standing : null);

    public Task<OutboxMessage?> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Outbox.Exists() ? new OutboxMessage(Outbox.Queue, Outbox.Dead, Outbox.Deliveries) : null);

    public async Task<WebhookOutcome> RotateAsync(CancellationToken cancellationToken)
    {
        if (!Outbox.Exists())
            return Unknown;
        await SaveAsync(Outbox.Rotate(NewSecret(), time.GetUtcNow()), cancellationToken);
        return new WebhookOutcome(Standing) { Secret = Outbox.Secret, PreviousUntil = Outbox.PreviousUntil };
    }

    public async Task TakeAsync(WebhookMessagesMessage messages, CancellationToken cancellationToken)
    {
        if (Outbox.Exists())
            await SaveAsync(Outbox.Take(messages.Messages, time.GetUtcNow()), cancellationToken);
    }

    public async Task<WebhookOutcome> TestAsync(CancellationToken cancellationToken)
    {
        if (!Outbox.Exists())
            return Unknown;
        if (!Outbox.Definition.IsEnabled)
            return new WebhookOutcome(Standing, "the webhook is not enabled; put it with \"enabled\": true first");
        var message = WebhookMessage.New(WebhookEvents.Test, null, $"{Guid.NewGuid()}", new JsonObject { ["webhook"] = CampaignKeys.IdOf(Id) }, time.GetUtcNow());
        await SaveAsync(Outbox.Take([message], time.GetUtcNow()), cancellationToken);
        return new WebhookOutcome(Standing) { Message = message.Id };
    }

    public async Task<WebhookOutcome> ReplayAsync(string? message, CancellationToken cancellationToken)
    {
        if (!Outbox.Exists())
            return Unknown;
        if (!Outbox.Definition.IsEnabled)
            return new WebhookOutcome(Standing, "the webhook is not enabled; put it with \"enabled\": true first");
        var next = Outbox.Replay(message, time.GetUtcNow(), out var replayed);
        await SaveAsync(next, cancellationToken);
        return new WebhookOutcome(Standing) { Replayed = replayed };
    }

    public async Task SettleAsync(DeliveryResultMessage result, CancellationToken cancellationToken)
    {
        if (_sending?.Id == result.Message)
            _sending = null;
        meter.Attempted(result.Result.Outcome);
        var chance = RandomNumberGenerator.GetInt32(1_000_000) / 1e6;
        await SaveAsync(Outbox.Settle(result.Message, result.Result, retries, chance, time.GetUtcNow()), cancellationToken);
    }

    public Task WakeAsync(CancellationToken cancellationToken)
    {
        Schedule();
        return Task.CompletedTask;
    }

    public async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        var existed = Outbox.Exists();
        await state.ClearStateAsync(cancellationToken);
        await Directory.RemoveAsync(Id, cancellationToken);
        DeactivateOnIdle();
        return existed;
    }

    private async Task SaveAsync(OutboxStep step, CancellationToken cancellationToken)
    {
        await SaveAsync(step.Next, cancellationToken);
        meter.Died(step.Died, step.Dropped);
    }

    private async Task SaveAsync(Outbox next, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(next, Outbox))
            await this.ReplaceAsync(state, next, cancellationToken);
        Schedule();
    }

    /// <summary>Has the timer ring when the next message is due, or when the one on its way has to be given up.</summary>
    private void Schedule()
    {
        if (!Outbox.Exists())
            return;
        meter.Holds(Id, Outbox.Queue.Length, Outbox.Dead.Length);
        if (Outbox.Next() is not { } next)
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var due = _sending is { } sending ? Patience - time.GetElapsedTime(sending.Since) : next.NextAt - time.GetUtcNow();
        due = due < TimeSpan.Zero ? TimeSpan.Zero : due > LongestTimer ? LongestTimer : due;
        _timer ??= this.RegisterGrainTimer(SendNextAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private Task SendNextAsync(CancellationToken cancellationToken)
    {
        if (_sending is { } sending && time.GetElapsedTime(sending.Since) >= Patience)
            _sending = null;
        if (_sending is null && Outbox.Next() is { } next && next.NextAt <= time.GetUtcNow())
        {
            _sending = (next.Message.Id, time.GetTimestamp());
            var attempt = new WebhookAttempt(Outbox.Definition.Url, next.Message.Id, time.GetUtcNow().ToUnixTimeSeconds(), Outbox.Sign(next.Message, time.GetUtcNow()), next.Message.Body);
            var self = this.AsReference<IWebhookGrain>();
            Task.Run(() => SendAsync(self, attempt), CancellationToken.None).Ignore();
        }
        Schedule();
        return Task.CompletedTask;
    }

    /// <summary>Outside the grain's turn. Where the result is lost, the message still waits.</summary>
    private async Task SendAsync(IWebhookGrain self, WebhookAttempt attempt)
    {
        var result = await courier.SendAsync(attempt, CancellationToken.None);
        await self.SettleAsync(new DeliveryResultMessage(attempt.Id, result), CancellationToken.None);
    }

    private static string NewSecret() => WebhookSecret.Of(RandomNumberGenerator.GetBytes(WebhookSecret.Length));
}
