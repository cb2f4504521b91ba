using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.Versioning;

namespace Flywheel.Silo.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class TokenKeyTests : IDisposable
{
    private const string Campaign = "spring";
    private const string NewKey = "0badcafe AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly TempFolder _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Start_First_MakesAKeyThatItsOwnerAloneCanRead()
    {
        await using (await Engine.StartAsync(_data))
        {
        }

        var file = _data.File("token.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Matches("^[0-9a-f]{8} [A-Za-z0-9+/]{43}=$", (await File.ReadAllLinesAsync(file, Cancel))[^1]);
    }

    [Fact]
    public async Task Start_TokenKeyNamed_KeepsItThere()
    {
        var file = _data.File("elsewhere.key");

        await using (await Engine.StartAsync(_data, args: ["--token-key", file]))
            Assert.False(File.Exists(_data.File("token.key")));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task File_ThatGetsANewKey_SignsWithItOnceItsTimeHasCome_WithoutARestart()
    {
        await using var engine = await Engine.StartAsync(_data);
        (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Spring)).Expect(201);
        var old = await engine.Api.DecideAsync(Campaign);
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(3);

        await File.AppendAllTextAsync(_data.File("token.key"), $"{NewKey} {soon:yyyy-MM-ddTHH:mm:ssZ}\n", Cancel);

        var current = await Eventually.ReadsAsync(() => engine.Api.DecideAsync(Campaign), decision => KeyOf(decision) == 0x0badcafeu, "the new key to sign", decision => KeyOf(decision));
        foreach (var decision in (Decision[])[old, current])
            Assert.Equal(1, (await engine.Api.PostAsync("/v1/signals", $"[{Wire.Signal(decision.DecisionId, "click")}]")).Expect(202).Json["accepted"]!.GetValue<int>());
    }

    [Fact]
    public async Task Restart_KeyRotated_SignsWithTheNewAndStillTakesTheOld()
    {
        var file = _data.File("token.key");
        Decision old;
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Spring)).Expect(201);
            old = await engine.Api.DecideAsync(Campaign);
        }
        var keys = await File.ReadAllLinesAsync(file, Cancel);

        await File.WriteAllLinesAsync(file, [NewKey, .. keys], Cancel);
        Decision current;
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            current = await engine.Api.DecideAsync(Campaign);
            Assert.NotEqual(KeyOf(old), KeyOf(current));
            Assert.Equal(0x0badcafeu, KeyOf(current));
            await SendAsync(engine.Api, old, 202);
            await SendAsync(engine.Api, current, 202);
        }

        await File.WriteAllLinesAsync(file, [NewKey], Cancel);
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            await SendAsync(engine.Api, current, 202);
            Assert.Contains("key", (await SendAsync(engine.Api, old, 400)).Text, StringComparison.Ordinal);
        }
    }

    private static async Task<Answer> SendAsync(Api api, Decision decision, int status) =>
        (await api.PostAsync("/v1/signals", Wire.Signal(decision, "impression"))).Expect(status);

    private static uint KeyOf(Decision decision) => BinaryPrimitives.ReadUInt32BigEndian(Base64Url.DecodeFromChars(decision.DecisionId).AsSpan(1));
}
