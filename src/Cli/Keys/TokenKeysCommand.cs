using System.CommandLine;
using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Decisions;
using Flywheel.Domain.Access;

namespace Flywheel.Cli.Keys;

/// <summary><c>flywheel token-keys</c>: the keys that decisions are signed with. A running engine takes changes over by itself.</summary>
internal static class TokenKeysCommand
{
    /// <summary>Minutes of the one option, days of the other.</summary>
    private const int Most = 10_000;

    private static readonly int LongestTokenDays = (int)Math.Ceiling(DecisionToken.Lifetime.TotalDays);

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The file that the engine has as --token-key." };
        var minutes = new Option<int>("--in") { Description = "Minutes until the new key signs: long enough for every silo to have read the file.", DefaultValueFactory = _ => 5 };
        var keep = new Option<int>("--keep-days") { Description = "Days that a key verifies after its successor began to sign: as long as the longest attribution window.", DefaultValueFactory = _ => LongestTokenDays };
        var rotate = new Command("rotate", "Add a key that signs soon, and drop those whose decisions have all ended.") { file, minutes, keep };
        rotate.SetAction(parsed => KeyFiles.Change(parsed.GetRequiredValue(file), () =>
        {
            Bounds.Check(minutes.Name, parsed.GetValue(minutes), 1, Most);
            Bounds.Check(keep.Name, parsed.GetValue(keep), 1, Most);
            var there = parsed.GetRequiredValue(file);
            var now = TimeProvider.System.GetUtcNow();
            var added = TokenKeyLine.New(now.AddMinutes(parsed.GetValue(minutes)));
            var keys = Rotate(TokenKeyDocument.Read(File.ReadAllText(there.FullName)), added, now, TimeSpan.FromDays(parsed.GetValue(keep)));
            KeyFiles.Replace(there, TokenKeyDocument.Write(keys));
            if (Output.IsJson(parsed))
                Output.Write(new { added = $"{added.Id:x8}", signsFrom = added.From, keys = keys.Count });
            else
                Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{added.Id:x8} signs from {added.From:yyyy-MM-ddTHH:mm:ssZ}; {Verifying(keys.Count)}"));
            return ExitCodes.Done;
        }));
        var id = new Argument<string>("id") { Description = "The key's id, the first word of its line." };
        var revoke = new Command("revoke", "Drop a key that leaked, at once: what it signed is rejected from then on. Where no other key signs now, a new one does.") { file, id };
        revoke.SetAction(parsed => KeyFiles.Change(parsed.GetRequiredValue(file), () =>
        {
            var there = parsed.GetRequiredValue(file);
            var keys = TokenKeyDocument.Read(File.ReadAllText(there.FullName));
            if (keys.All(key => $"{key.Id:x8}" != parsed.GetRequiredValue(id)))
                throw new InvalidDataException($"came the id {parsed.GetValue(id)}; expected one of {string.Join(", ", keys.Select(key => $"{key.Id:x8}"))}");
            var kept = keys.Where(key => $"{key.Id:x8}" != parsed.GetValue(id)).ToList();
            if (kept.All(key => key.From > TimeProvider.System.GetUtcNow()))
                kept.Add(TokenKeyLine.New(from: null));
            KeyFiles.Replace(there, TokenKeyDocument.Write(kept));
            if (Output.IsJson(parsed))
                Output.Write(new { dropped = parsed.GetValue(id), keys = kept.Count });
            else
                Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{parsed.GetValue(id)} is dropped; {Verifying(kept.Count)}"));
            return ExitCodes.Done;
        }));
        return new Command("token-keys", "Rotate and revoke the keys of the decision tokens, without a restart.") { rotate, revoke };
    }

    private static string Verifying(int keys) => $"{Words.Count(keys, "key")} {(keys == 1 ? "verifies" : "verify")}";

    /// <summary>The keys from now on: the new one, and those that signed less than <paramref name="keep"/> ago or still do.</summary>
    internal static IReadOnlyList<TokenKeyLine> Rotate(IReadOnlyList<TokenKeyLine> keys, TokenKeyLine added, DateTimeOffset now, TimeSpan keep)
    {
        // In the order in which they sign: each ends where the next begins. Of those without a time nobody knows the end, but of the last.
        var inOrder = keys.OrderBy(key => key.From ?? DateTimeOffset.MinValue).ToList();
        var kept = inOrder.Where((_, place) => place + 1 == inOrder.Count || inOrder[place + 1].From is not { } end || now - end < keep);
        return [.. kept, added];
    }
}
