using Flywheel.Domain.Access;

namespace Flywheel.Cli.Tests.Keys;

public sealed class KeysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flywheel-");

    private string File => Path.Combine(_folder.FullName, "keys.json");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Create_PrintsTheKeyOnce_AndKeepsItsHash()
    {
        var (code, output, error) = await CommandLine.RunAsync("keys", "create", File, "--role", "serve", "--tenant", "acme", "--name", "ad server", "--days", "30", "--per-second", "500");

        Assert.Equal(0, code);
        Assert.Matches("^flw_[A-Za-z0-9_-]{43}\n$", output);
        Assert.Contains("shown this once", error, StringComparison.Ordinal);
        var text = await System.IO.File.ReadAllTextAsync(File, Cancel);
        Assert.DoesNotContain(output.Trim(), text, StringComparison.Ordinal);
        var kept = Assert.Single(ApiKeyDocument.Read(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(ApiKeyText.Keep(output.Trim(), "acme", "serve").Sha256, kept.Sha256);
        Assert.Equal(("acme", "serve", "ad server", 500), (kept.Tenant, kept.Role, kept.Name, kept.RequestsPerSecond));
        Assert.Equal(30, (kept.ExpiresAt!.Value - kept.CreatedAt!.Value).TotalDays);
    }

    [Fact]
    public async Task Revoke_TakesThatKeyOutAndNoOther()
    {
        await CommandLine.RunAsync("keys", "create", File, "--role", "read");
        await CommandLine.RunAsync("keys", "create", File, "--role", "admin");
        var keys = ApiKeyDocument.Read(await System.IO.File.ReadAllBytesAsync(File, Cancel));

        Assert.Equal(0, (await CommandLine.RunAsync("keys", "revoke", File, keys[0].Id)).Code);

        var (_, listed, _) = await CommandLine.RunAsync("keys", "list", File, "--json");
        Assert.DoesNotContain(keys[0].Id, listed, StringComparison.Ordinal);
        Assert.Contains(keys[1].Id, listed, StringComparison.Ordinal);
    }

    /// <summary>Each in a process of its own, at once: none undoes what another did.</summary>
    [Fact]
    public async Task Commands_AtOnce_EachFindWhatTheOthersDid()
    {
        await CommandLine.RunAsync("keys", "create", File, "--role", "read", "--name", "first");
        var first = Assert.Single(ApiKeyDocument.Read(await System.IO.File.ReadAllBytesAsync(File, Cancel)));

        var done = await Task.WhenAll([
            CommandLine.RunAsync("keys", "revoke", File, first.Id),
            .. Enumerable.Range(0, 5).Select(i => CommandLine.RunAsync("keys", "create", File, "--role", "serve", "--name", $"n{i}"))]);

        Assert.All(done, each => Assert.True(each.Code == 0, each.Error));
        var names = ApiKeyDocument.Read(await System.IO.File.ReadAllBytesAsync(File, Cancel)).Select(key => key.Name);
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("create --role owner", "serve")]
    [InlineData("create --role read --tenant Acme", "--tenant: came \"Acme\"")]
    [InlineData("create --role read --days 0", "--days")]
    [InlineData("revoke 12345678", "keys.json")]
    [InlineData("list", "keys.json")]
    public async Task Commands_ThatCannotWork_SayWhy(string command, string message)
    {
        var words = command.Split(' ');

        var (code, _, error) = await CommandLine.RunAsync(["keys", words[0], File, .. words[1..]]);

        Assert.NotEqual(0, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task List_OfWhatIsNoFileOfKeys_NamesItAsItWasNamed()
    {
        var (code, output, error) = await CommandLine.RunAsync("keys", "list", "/etc/passwd");

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("flywheel: /etc/passwd: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithoutKeys_SaysSo()
    {
        await System.IO.File.WriteAllBytesAsync(File, ApiKeyDocument.Write([]), Cancel);

        var (code, output, error) = await CommandLine.RunAsync("keys", "list", File);

        Assert.Equal((0, ""), (code, output));
        Assert.Contains("there are no keys", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenKeys_Rotated_VerifyTheOldAndSignWithTheNewLater()
    {
        var file = Path.Combine(_folder.FullName, "token.key");
        await System.IO.File.WriteAllTextAsync(file, TokenKeyDocument.Write([TokenKeyLine.New(from: null)]), Cancel);

        var (code, output, _) = await CommandLine.RunAsync("token-keys", "rotate", file, "--in", "10");

        Assert.Equal(0, code);
        var keys = TokenKeyDocument.Read(await System.IO.File.ReadAllTextAsync(file, Cancel));
        Assert.Equal([false, true], keys.Select(key => key.From > TimeProvider.System.GetUtcNow().AddMinutes(5)));
        Assert.Contains($"{keys[1].Id:x8} signs from", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenKey_Revoked_IsGoneAndAnotherSigns()
    {
        var file = Path.Combine(_folder.FullName, "token.key");
        var leaked = TokenKeyLine.New(from: null);
        await System.IO.File.WriteAllTextAsync(file, TokenKeyDocument.Write([leaked, TokenKeyLine.New(TimeProvider.System.GetUtcNow().AddHours(1))]), Cancel);

        Assert.Equal(0, (await CommandLine.RunAsync("token-keys", "revoke", file, $"{leaked.Id:x8}")).Code);

        var keys = TokenKeyDocument.Read(await System.IO.File.ReadAllTextAsync(file, Cancel));
        Assert.DoesNotContain(leaked.Id, keys.Select(key => key.Id));
        Assert.Single(keys, key => key.From is null);
        Assert.NotEqual(0, (await CommandLine.RunAsync("token-keys", "revoke", file, $"{leaked.Id:x8}")).Code);
    }

    [Fact]
    public void Rotate_Often_KeepsWhatMayStillBeNeeded()
    {
        var (now, keep) = (new DateTimeOffset(2026, 5, 4, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(31));
        TokenKeyLine[] keys = [TokenKeyLine.New(null), TokenKeyLine.New(now.AddDays(-60)), TokenKeyLine.New(now.AddDays(-20)), TokenKeyLine.New(now.AddDays(-1))];
        var added = TokenKeyLine.New(now.AddMinutes(5));

        var kept = Flywheel.Cli.Keys.TokenKeysCommand.Rotate(keys, added, now, keep);

        // The first ended 60 days ago; the second 20 days ago, so that decisions it signed may still be told of.
        Assert.Equal([keys[1], keys[2], keys[3], added], kept);
    }
}
