using System.Globalization;
using System.Security.Cryptography;
using Flywheel.Decisions;

namespace Flywheel.Domain.Access;

/// <summary>A key of decision tokens as it stands in the file.</summary>
/// <param name="Id">Names it in the tokens.</param>
/// <param name="Key"><see cref="TokenKeys.KeyBytes"/> bytes.</param>
/// <param name="From">When it begins to sign; null where it always could.</param>
public sealed record TokenKeyLine(uint Id, byte[] Key, DateTimeOffset? From)
{
    public static TokenKeyLine New(DateTimeOffset? from) => new(
        uint.Parse(RandomNumberGenerator.GetHexString(8), NumberStyles.HexNumber, CultureInfo.InvariantCulture), RandomNumberGenerator.GetBytes(TokenKeys.KeyBytes), from);
}
