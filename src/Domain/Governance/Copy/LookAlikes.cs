using System.Collections.Frozen;
using System.Text;

namespace Flywheel.Domain.Governance.Copy;

/// <summary>
/// Letters of other scripts that are drawn as Latin letters are; the idea is that of the confusables of Unicode Technical Standard 39,
/// the choice is of those that a reader of French or English takes for Latin in running text.
/// </summary>
internal static class LookAlikes
{
    private static readonly FrozenDictionary<int, char> Letters = Build();

    /// <summary>The Latin letter, in lower case, that the character looks like; null where it looks like none, or is one.</summary>
    public static char? Of(Rune rune) => rune.Value >= 0x80 && Letters.TryGetValue(rune.Value, out var letter) ? letter : null;

    private static FrozenDictionary<int, char> Build()
    {
        var letters = new Dictionary<int, char>();
        // Cyrillic, small; its capitals have the same shapes.
        Add("\u0430\u0432\u0435\u0451\u0454\u043A\u043C\u043D\u043E\u0440\u0441\u0442\u0443\u0445\u0456\u0457\u0458\u0455\u044C", "abeeekmhopctyxiijsb");
        Add("\u0475\u04BB\u0501\u051B\u051D\u0461\u04AF\u04CF\u0433", "vhdqwwylr");
        foreach (var (value, letter) in letters.ToArray())
            letters[Rune.ToUpperInvariant(new Rune(value)).Value] = letter;
        letters[0x04C0] = 'l';
        // Greek, whose capitals and small letters look like different Latin ones.
        Add("\u0391\u0392\u0395\u0396\u0397\u0399\u039A\u039C\u039D\u039F\u03A1\u03A4\u03A5\u03A7\u03F9", "abezhikmnoptyxc");
        Add("\u03B1\u03B2\u03B3\u03B5\u03B7\u03B9\u03BA\u03BD\u03BF\u03C1\u03C3\u03C4\u03C5\u03C7\u03C9\u03F2\u03F3", "abyenikvopotuxwcj");
        Add("\u03AC\u03AD\u03AE\u03AF\u03CC\u03CD\u03CE\u0386\u0388\u0389\u038A\u038C\u038E", "aeniouwaehioy");
        // Armenian.
        Add("\u0585\u057D\u0578\u0570\u0581\u0566\u0575\u054F\u0555", "ounhgqjso");
        // Cherokee.
        Add("\u13AA\u13F4\u13DF\u13A0\u13AC\u13C0\u13BB\u13C6\u13AB\u13E6\u13DE\u13B7\u13E2\u13A1\u13DA\u13A2\u13D9\u13D4\u13C3", "abcdeghijklmprstvwz");
        // Lisu.
        Add("\uA4D0\uA4D1\uA4D3\uA4D4\uA4D6\uA4D7\uA4D9\uA4DA\uA4DC\uA4DD\uA4DF\uA4E0\uA4E1\uA4E2\uA4E3\uA4E6\uA4E7\uA4EA\uA4EB\uA4EC\uA4EE\uA4F0\uA4F2\uA4F3\uA4F4", "bpdtgkjczfmnlsrvhwxyaeiou");
        // A click that is a stroke.
        Add("\u01C0", "l");
        return letters.ToFrozenDictionary();

        void Add(string alike, string latin)
        {
            for (var i = 0; i < alike.Length; i++)
                letters[alike[i]] = latin[i];
        }
    }
}
