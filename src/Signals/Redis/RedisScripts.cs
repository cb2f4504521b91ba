namespace Flywheel.Signals.Redis;

/// <summary>
/// The writes of a partition. Redis runs a script alone, and writes what it did to the append-only file as one
/// transaction, which it drops whole where the file ends in the middle of it.
/// </summary>
internal static class RedisScripts
{
    /// <summary>What <see cref="Commit"/> returns where epoch or offset are no longer the partition's, and <see cref="AppendSource"/> where the source's is another.</summary>
    public const long Refused = -1;

    /// <summary>What the error of a write begins with where the store is not the one this process found: it was emptied, or another took its place.</summary>
    public const string Replaced = "REPLACED";

    /// <summary>The end of an append: from the argument <c>first</c> on, signals and body of each entry.</summary>
    private const string Entries = """

        local time = redis.call('TIME')
        local last = math.max(tonumber(head[1] or '0'), time[1] * 1000000 + time[2] - 1)
        for i = first, #ARGV, 2 do
          last = last + 1
          backlog = backlog + ARGV[i]
          redis.call('XADD', KEYS[2], string.format('%.0f-0', last), 'signals', ARGV[i], 'body', ARGV[i + 1])
        end
        redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last), 'backlog', string.format('%.0f', backlog))

        """;

    /// <summary>
    /// Returns the signals waiting. Offsets are the server's time in microseconds, or one more than the last: also after a loss of
    /// the latest writes no offset is given out twice, so that an owner that counted what was lost takes no new entry for it.
    /// Refused where memory is full.
    /// </summary>
    public const string Append = """
        #!lua
        -- KEYS: head, log, producer, store. ARGV: store, sequence, milliseconds to remember it, then signals and body of each entry.
        if redis.call('GET', KEYS[4]) ~= ARGV[1] then
          return redis.error_reply('REPLACED another store')
        end
        local head = redis.call('HMGET', KEYS[1], 'last', 'backlog')
        local backlog = tonumber(head[2] or '0')
        if tonumber(redis.call('GET', KEYS[3]) or '0') >= tonumber(ARGV[2]) then
          return backlog
        end
        local first = 4
        """ + Entries + """
        redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
        return backlog
        """;

    /// <summary>As <see cref="Append"/>, of what a source holds up to an offset; <see cref="Refused"/> where it was not read up to where this goes on.</summary>
    public const string AppendSource = """
        #!lua
        -- KEYS: head, log, sources, store. ARGV: store, source, from, to, then signals and body of each entry.
        if redis.call('GET', KEYS[4]) ~= ARGV[1] then
          return redis.error_reply('REPLACED another store')
        end
        if (redis.call('HGET', KEYS[3], ARGV[2]) or '-1') ~= ARGV[3] then
          return -1
        end
        local head = redis.call('HMGET', KEYS[1], 'last', 'backlog')
        local backlog = tonumber(head[2] or '0')
        local first = 5
        """ + Entries + """
        redis.call('HSET', KEYS[3], ARGV[2], ARGV[4])
        return backlog
        """;

    /// <summary>Raises the epoch; returns it with offset, summary and the time that remembered ids count from. Like offsets, no epoch is given out twice.</summary>
    public const string Open = """
        #!lua flags=allow-oom
        -- KEYS: head, store. ARGV: store.
        if redis.call('GET', KEYS[2]) ~= ARGV[1] then
          return redis.error_reply('REPLACED another store')
        end
        local time = redis.call('TIME')
        local epoch = math.max(tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0') + 1, time[1] * 1000000 + time[2])
        redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', epoch))
        redis.call('HSETNX', KEYS[1], 'offset', '0')
        return redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'summary', 'expired')
        """;

    /// <summary>
    /// Returns the signals waiting, or <see cref="Refused"/>. Also runs where memory is full: what it trims is what makes room
    /// again. Lets go of a bounded number of expired ids and leaves the rest, which a reader passes over, to the next commit;
    /// an id that is added meanwhile counts as expiring no earlier than those, so that it is not taken for one of them.
    /// </summary>
    public const string Commit = """
        #!lua flags=allow-oom
        -- KEYS: head, log, segments, pages, ids, quarantine. ARGV: epoch, from, to, signals, summary, ids expired up to or '',
        -- then lists, each behind its length: segments, removed segments, pages, removed pages, ids, quarantined records.
        local head = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'backlog', 'expired')
        if head[1] ~= ARGV[1] or head[2] ~= ARGV[2] then
          return -1
        end
        local at = 7
        local function each_part(run)
          local stop = at + ARGV[at]
          for first = at + 1, stop, 1000 do
            run(unpack(ARGV, first, math.min(first + 999, stop)))
          end
          at = stop + 1
        end
        local function list(command, key)
          each_part(function(...) redis.call(command, key, ...) end)
        end
        list('HSET', KEYS[3])
        list('HDEL', KEYS[3])
        list('HSET', KEYS[4])
        list('HDEL', KEYS[4])
        local expired = math.max(tonumber(head[4] or '0'), tonumber(ARGV[6]) or 0)
        if expired > 0 then
          local below = string.format('(%.0f', expired)
          if redis.call('ZCOUNT', KEYS[5], '-inf', below) > 5000 then
            redis.call('ZREMRANGEBYRANK', KEYS[5], 0, 4999)
            redis.call('HSET', KEYS[1], 'expired', string.format('%.0f', expired))
          else
            redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', below)
            redis.call('HDEL', KEYS[1], 'expired')
            expired = 0
          end
        end
        each_part(function(...)
          local ids = {...}
          for i = 1, #ids, 2 do
            ids[i] = string.format('%.0f', math.max(tonumber(ids[i]), expired))
          end
          redis.call('ZADD', KEYS[5], unpack(ids))
        end)
        if ARGV[at] ~= '0' then
          list('LPUSH', KEYS[6])
          redis.call('LTRIM', KEYS[6], 0, 999)
        end
        redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-0', ARGV[3] + 1))
        -- An owner may have counted entries that are lost and never waited here; an empty log puts that right.
        local backlog = 0
        if redis.call('XLEN', KEYS[2]) > 0 then
          backlog = math.max(0, tonumber(head[3] or '0') - ARGV[4])
        end
        redis.call('HSET', KEYS[1], 'offset', ARGV[3], 'summary', ARGV[5], 'backlog', string.format('%.0f', backlog))
        return backlog
        """;
}
