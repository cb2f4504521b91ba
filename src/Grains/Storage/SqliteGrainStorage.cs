using System.Globalization;
using Flywheel.Signals.Sqlite;
using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Flywheel.Grains.Storage;

/// <summary>Grain state in the embedded store; see <see cref="PlainJsonSerializer"/>. Writes compare the ETag.</summary>
public sealed class SqliteGrainStorage(SqliteDatabase database) : IGrainStorage
{
    public const string Schema =
        "CREATE TABLE IF NOT EXISTS grains (kind TEXT, id TEXT, etag INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID";

    private static readonly PlainJsonSerializer Serializer = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = database.Read(connection => connection.Query(
            "SELECT state, etag FROM grains WHERE kind = @0 AND id = @1", reader => (State: BinaryData.FromString(reader.GetString(0)), Etag: reader.GetInt64(1)), stateName, grainId.ToString()));
        grainState.RecordExists = row.Count > 0;
        grainState.State = row.Count > 0 ? Serializer.Deserialize<T>(row[0].State) : Activator.CreateInstance<T>();
        grainState.ETag = row.Count > 0 ? row[0].Etag.ToString(CultureInfo.InvariantCulture) : null;
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var json = Serializer.Serialize(grainState.State).ToString();
        var expected = EtagOf(grainState.ETag);
        await WriteAsync(stateName, grainId, connection => expected == 0
            ? connection.Execute("INSERT OR IGNORE INTO grains VALUES (@0, @1, 1, @2)", stateName, grainId.ToString(), json)
            : connection.Execute("UPDATE grains SET state = @2, etag = etag + 1 WHERE kind = @0 AND id = @1 AND etag = @3", stateName, grainId.ToString(), json, expected));
        grainState.ETag = (expected + 1).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var expected = EtagOf(grainState.ETag);
        if (expected > 0)
        {
            await WriteAsync(stateName, grainId, connection =>
                connection.Execute("DELETE FROM grains WHERE kind = @0 AND id = @1 AND etag = @2", stateName, grainId.ToString(), expected));
        }
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static long EtagOf(string? etag) => etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);

    private async Task WriteAsync(string stateName, GrainId grainId, Func<SqliteConnection, int> write)
    {
        if (await database.WriteAsync(write, CancellationToken.None) == 0)
            throw new InconsistentStateException($"The stored {stateName} of {grainId} changed under this activation.");
    }
}
