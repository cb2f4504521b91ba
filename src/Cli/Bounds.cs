using System.Globalization;

namespace Flywheel.Cli;

/// <summary>Options that take whole numbers of a range.</summary>
internal static class Bounds
{
    /// <param name="option">Its name, as it is written.</param>
    /// <param name="came">Null where it was left out.</param>
    /// <exception cref="InvalidDataException">It is not within the range; the message names the option, what came and what would do.</exception>
    public static void Check(string option, long? came, long least, long most)
    {
        if (came < least || came > most)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{option}: came {came}; expected {least} to {most}"));
    }
}
