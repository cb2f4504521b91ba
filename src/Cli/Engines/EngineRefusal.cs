using System.Globalization;
using System.Text;
using Flywheel.Client;

namespace Flywheel.Cli.Engines;

/// <summary>The engine did not do what it was asked.</summary>
/// <param name="message">What it answered.</param>
/// <param name="code">See <see cref="ExitCodes"/>.</param>
internal sealed class EngineRefusal(string message, int code) : Exception(message)
{
    private const int ShownErrors = 10;

    public int Code => code;

    /// <summary>What a client's failure is to a person: the answer's status and kind, what is wrong, and a line for each field of which that was not said yet.</summary>
    public static string Sentence(FlywheelException failure)
    {
        if (failure is not { Status: { } status, Title: not null })
            return failure.Message;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"the engine answered {(int)status} ({failure.Title.TrimEnd('.')})"));
        if (!string.IsNullOrEmpty(failure.Detail))
            text.Append(CultureInfo.InvariantCulture, $": {failure.Detail}");
        foreach (var error in failure.Errors.SelectMany(field => field.Value.Select(said => field.Key.Length == 0 ? said : $"{field.Key}: {said}")).Where(error => failure.Detail?.Contains(error, StringComparison.Ordinal) != true).Take(ShownErrors))
            text.Append(CultureInfo.InvariantCulture, $"\n  {error}");
        return text.ToString();
    }
}
