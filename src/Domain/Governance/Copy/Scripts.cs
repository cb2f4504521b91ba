using System.Globalization;
using System.Text;

namespace Flywheel.Domain.Governance.Copy;

/// <summary>Scripts by their blocks in the Unicode Standard (Blocks.txt); .NET has no script property.</summary>
internal static class Scripts
{
    private const int MicroSign = 0x00B5;
    private const int Keycap = 0x20E3;

    public static Script Of(Rune rune) => !Rune.IsLetter(rune) || rune.Value == MicroSign ? Script.Common : rune.Value switch
    {
        < 0x02B0 => Script.Latin,
        < 0x0300 => Script.Common,
        < 0x0400 or (>= 0x1F00 and < 0x2000) or (>= 0x1D26 and <= 0x1D2A) or (>= 0x1D6A8 and <= 0x1D7CB) => Script.Greek,
        < 0x0530 or (>= 0x1C80 and < 0x1C90) or (>= 0x2DE0 and < 0x2E00) or (>= 0xA640 and < 0xA6A0) => Script.Cyrillic,
        < 0x0590 or (>= 0xFB13 and <= 0xFB17) => Script.Armenian,
        < 0x0600 or (>= 0xFB1D and < 0xFB50) => Script.Hebrew,
        < 0x0700 or (>= 0x0750 and < 0x0780) or (>= 0x08A0 and < 0x0900) or (>= 0xFB50 and < 0xFE00) or (>= 0xFE70 and < 0xFEFF) => Script.Arabic,
        (>= 0x13A0 and < 0x1400) or (>= 0xAB70 and < 0xABC0) => Script.Cherokee,
        (>= 0x1D00 and < 0x1F00) or (>= 0x2071 and < 0x20A0) or (>= 0x2100 and < 0x2150) or (>= 0x2C60 and < 0x2C80)
            or (>= 0xA720 and < 0xA800) or (>= 0xAB30 and < 0xAB70) or (>= 0xFB00 and <= 0xFB06) or (>= 0xFF21 and <= 0xFF5A)
            or (>= 0x1D400 and < 0x1D6A8) => Script.Latin,
        (>= 0x1100 and < 0x1200) or (>= 0x2E80 and < 0x3400) or (>= 0x3400 and < 0xA000) or (>= 0xA960 and < 0xA980) or (>= 0xAC00 and < 0xD800)
            or (>= 0xF900 and < 0xFB00) or (>= 0xFF66 and < 0xFFE0) or (>= 0x1B000 and < 0x1B170) or (>= 0x20000 and < 0x40000) => Script.EastAsian,
        _ => Script.Other,
    };

    /// <summary>True for scripts that write words without spaces between them: East Asian ones, Thai, Lao, Khmer, Myanmar.</summary>
    public static bool HasNoSpaces(Rune rune) =>
        Of(rune) == Script.EastAsian || rune.Value is (>= 0x0E00 and < 0x0F00) or (>= 0x1000 and < 0x10A0) or (>= 0x1780 and < 0x1800);

    /// <summary>Letters in circles and squares, regional indicators included.</summary>
    public static bool IsEnclosedLetter(Rune rune) => rune.Value is (>= 0x249C and <= 0x24E9) or (>= 0x1F110 and <= 0x1F189) or (>= 0x1F1E6 and <= 0x1F1FF);

    /// <summary>True for what has no place of its own on the line: marks on letters, joiners, fillers, direction and control characters.</summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => true,
        _ => IsFiller(rune) || rune.Value == Keycap,
    };

    /// <summary>Letters and symbols that are drawn as nothing: Hangul fillers and the blank Braille pattern.</summary>
    public static bool IsFiller(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800;

    /// <summary>
    /// Alphabets that spell Latin words in costume: mathematical, fullwidth, circled and squared letters, small capitals and phonetic letters.
    /// The four squared letters that are emoji of their own (blood types, parking) are none.
    /// </summary>
    public static bool IsDisguise(Rune rune) => rune.Value switch
    {
        >= 0x1D400 and <= 0x1D7FF => true,
        (>= 0xFF10 and <= 0xFF19) or (>= 0xFF21 and <= 0xFF3A) or (>= 0xFF41 and <= 0xFF5A) => true,
        0x1F170 or 0x1F171 or 0x1F17E or 0x1F17F => false,
        (>= 0x249C and <= 0x24E9) or (>= 0x1F110 and <= 0x1F189) => true,
        (>= 0x0250 and <= 0x02AF) or (>= 0x1D00 and <= 0x1D2B) => true,
        _ => false,
    };
}
