using Confluent.Kafka;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// Reads signals from topics into the log. Each batch of a partition is one append that goes on from where the log has the partition, and is
/// refused where it has moved: so each message is in the log once, whoever else reads it and whenever a process ends. On any failure, and
/// while nothing can be taken, the consumer lets go of what it has read, stays in its group, and begins again from the log.
/// </summary>
internal sealed partial class SignalConsumer(
    KafkaSettings settings, ISourceLog log, ISignalStore store, SignalAppender appender, Readiness readiness, PartitionNudge nudge,
    CampaignReplica replica, MissedCampaigns missed, TokenKeys keys, KafkaMetrics metrics, FlywheelMetrics signals, TimeProvider time, ILogger<SignalConsumer> logger)
    : BackgroundService
{
    private const int MaxMessages = 1_000;
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AppendPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LagEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LagPatience = TimeSpan.FromSeconds(1);

    private readonly SourceOpener _opener = new(settings, log, metrics, logger);

    /// <summary>What the group has given to this consumer.</summary>
    private List<TopicPartition> _assigned = [];

    /// <summary>Of that, what is read, or was when that was last begun.</summary>
    private Dictionary<TopicPartition, OpenSource> _sources = [];

    /// <summary>Whether reading has begun from where the log is, and nothing has failed since.</summary>
    private bool _isOpen;

    private bool _isFetching;
    private bool _hasJoined;
    private Hold _failure;
    private long _failedAt;
    private long _lagAt;
    private long _generation;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts what comes after without waiting for brokers.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A fatal error of the client, or one that nobody thought of: another client begins again from the log.
                LogStartsAgain(e);
                metrics.Failed();
                await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        using var letters = settings.DeadLetters is null ? null : new DeadLetters(settings, Log);
        using var consumer = KafkaClients.Consumer(settings, Log)
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                (_hasJoined, _failure) = (true, Hold.None);
                return Turn(partitions);
            })
            .SetPartitionsRevokedHandler((_, _) => { Turn([]); })
            .SetErrorHandler((_, error) => Hear(error))
            .Build();
        Turn([]);
        _hasJoined = false;
        consumer.Subscribe(settings.Tenants.Keys);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var read = Poll(consumer);
                var hold = Holds();
                // What failed holds until reading has begun again.
                metrics.Held(hold == Hold.None ? _failure : hold);
                if (hold != Hold.None)
                    Close(consumer);
                else if (!_isOpen || _generation != store.Generation)
                    await TryAsync(() => OpenAsync(consumer, stopping));
                else
                    await Task.WhenAll(read.GroupBy(message => message.TopicPartition).Select(batch => TryAsync(() => TakeAsync(consumer, letters, batch.Key, [.. batch], stopping))));
                LookAtLag(consumer);
            }
        }
        finally
        {
            consumer.Close();
        }
    }

    /// <summary>Takes on what the group gives, or takes away. Nothing is fetched before it is known from where: see <see cref="OpenAsync"/>.</summary>
    private IEnumerable<TopicPartitionOffset> Turn(List<TopicPartition> assigned)
    {
        (_assigned, _sources, _isOpen, _isFetching) = (assigned, [], false, false);
        metrics.Assigned(0, 0);
        return [];
    }

    /// <summary>What has come, up to a bound; waits a little where there is nothing. Also serves the group, and so is called always.</summary>
    private List<ConsumeResult<byte[]?, byte[]?>> Poll(IConsumer<byte[]?, byte[]?> consumer)
    {
        var read = new List<ConsumeResult<byte[]?, byte[]?>>();
        var bytes = 0;
        try
        {
            var patience = PollFor;
            while (read.Count < MaxMessages && bytes < MaxBytes && consumer.Consume(patience) is { Message: { } message } result)
            {
                read.Add(result);
                bytes += message.Value?.Length ?? 0;
                patience = TimeSpan.Zero;
            }
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            Hear(e.Error);
        }
        return read;
    }

    private Hold Holds()
    {
        if (store.Trouble is not null)
            return Hold.Store;
        if (!readiness.IsCurrent)
            return Hold.Campaigns;
        if (appender.IsFull)
            return Hold.Backlog;
        return _failure != Hold.None && time.GetElapsedTime(_failedAt) < RetryAfter ? _failure : Hold.None;
    }

    /// <summary>Lets go of everything that was fetched; the partitions stay this consumer's.</summary>
    private void Close(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (_isFetching)
            consumer.Assign(Array.Empty<TopicPartitionOffset>());
        (_isOpen, _isFetching) = (false, false);
    }

    private async Task OpenAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        Close(consumer);
        _generation = store.Generation;
        var sources = new Dictionary<TopicPartition, OpenSource>();
        foreach (var partition in _assigned)
        {
            if (await _opener.OpenAsync(consumer, partition, cancellationToken) is { } source)
                sources.Add(partition, source);
        }
        metrics.Assigned(_assigned.Count, _assigned.Count - sources.Count);
        consumer.Assign(sources.Values.Select(source => new TopicPartitionOffset(source.Partition, source.Next)));
        (_sources, _isOpen, _isFetching) = (sources, true, true);
        // Whether rejected signals can be sent is known once some were, and whether brokers are there once the group has answered.
        if (_failure != Hold.DeadLetters && _hasJoined)
            _failure = Hold.None;
    }

    private async Task TakeAsync(
        IConsumer<byte[]?, byte[]?> consumer, DeadLetters? letters, TopicPartition partition, List<ConsumeResult<byte[]?, byte[]?>> read, CancellationToken cancellationToken)
    {
        // Read before the group took the partition away, or gave it again.
        if (!_sources.TryGetValue(partition, out var source))
            return;
        if (read[0].Offset.Value < source.Next)
        {
            Fail(Hold.Brokers);
            return;
        }
        var intake = new MessageIntake(source.Position, isThere => new SignalIntake(replica, missed, keys, time, settings.Tenants[partition.Topic]) { IsThere = isThere });
        foreach (var message in read)
            intake.Take(new KafkaMessage(message));
        if (!await intake.DecideAsync(cancellationToken))
        {
            Fail(Hold.Campaigns);
            return;
        }
        if (letters is not null && intake.Rejected.Count > 0)
        {
            try
            {
                await letters.SendAsync(intake.Rejected, cancellationToken);
            }
            catch (TimeoutException e)
            {
                Fail(Hold.DeadLetters, e);
                return;
            }
            metrics.SentDeadLetters(intake.Rejected.Count);
            if (_failure == Hold.DeadLetters)
                _failure = Hold.None;
        }
        await AppendAsync(consumer, source, intake, read, cancellationToken);
    }

    private async Task AppendAsync(IConsumer<byte[]?, byte[]?> consumer, OpenSource source, MessageIntake intake, List<ConsumeResult<byte[]?, byte[]?>> read, CancellationToken cancellationToken)
    {
        var batch = new SourceBatch(source.Position, read[^1].Offset.Value + 1, intake.Entries());
        var began = time.GetTimestamp();
        if (!await log.AppendAsync(batch, cancellationToken).WaitAsync(AppendPatience, time, cancellationToken))
        {
            metrics.Refused();
            _isOpen = false;
            return;
        }
        signals.Appended(time.GetElapsedTime(began));
        nudge.Send(batch.Partitions);
        Count(intake, read.Count);
        source.Position = source.Position.After(batch);
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(source.Partition, source.Next));
        }
        catch (KafkaException)
        {
            // The group has just taken it away; where it was read up to is in the log.
        }
    }

    private void Count(MessageIntake intake, int messages)
    {
        metrics.Took(messages - intake.Faulty - intake.Again, intake.Faulty, intake.Again);
        foreach (var rejected in intake.Rejected)
            metrics.Rejected(rejected.Error);
        signals.Received("accepted", intake.Accepted);
        signals.Received("rejected", intake.Rejected.Count);
        signals.LeasedRefused(intake.LeasedRefused);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreUnavailableException e)
        {
            Fail(Hold.Store, e);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            Fail(e is ProduceException<byte[]?, byte[]?> ? Hold.DeadLetters : Hold.Brokers, e);
        }
        catch (TimeoutException e)
        {
            Fail(Hold.Store, e);
        }
    }

    private void Fail(Hold why, Exception? exception = null)
    {
        if (exception is not null)
            LogWaits(why, exception.Message);
        (_failure, _failedAt, _isOpen) = (why, time.GetTimestamp(), false);
    }

    private void LookAtLag(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (time.GetElapsedTime(_lagAt) < LagEvery)
            return;
        _lagAt = time.GetTimestamp();
        try
        {
            foreach (var topic in settings.Tenants.Keys)
                metrics.Lags(topic, _sources.Values.Where(source => source.Partition.Topic == topic).Sum(source => Math.Max(0, consumer.QueryWatermarkOffsets(source.Partition, LagPatience).High.Value - source.Next)));
        }
        catch (KafkaException e)
        {
            Hear(e.Error);
        }
    }

    private void Hear(Error error)
    {
        metrics.Failed();
        LogError(error.Code, error.Reason);
        if (error.Code == Confluent.Kafka.ErrorCode.Local_AllBrokersDown)
            Fail(Hold.Brokers);
    }

    private void Log(LogMessage message)
    {
        if (message.Level <= SyslogLevel.Warning)
            LogClient(message.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: {Code}: {Reason}")]
    private partial void LogError(Confluent.Kafka.ErrorCode code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: {Message}")]
    private partial void LogClient(string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: reading waits ({Why}): {Reason}")]
    private partial void LogWaits(Hold why, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: the consumer starts again")]
    private partial void LogStartsAgain(Exception exception);
}
