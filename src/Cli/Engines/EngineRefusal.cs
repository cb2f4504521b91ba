using System.Globalization;
using System.Net;
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

    /// <summary>What a client's failure is to a person.</summary>
    public static string Sentence(FlywheelException failure) => failure is { Status: { } status, Title: not null }
        ? Sentence(status, failure.Title, failure.Detail, failure.Errors)
        : failure.Message;

    /// <summary>An answer in a sentence: its status and kind, what is wrong, and a line for each field of which that was not said yet.</summary>
    public static string Sentence(HttpStatusCode status, string? title, string? detail, IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"the engine answered {(int)status}"));
        if (!string.IsNullOrEmpty(title))
            text.Append(CultureInfo.InvariantCulture, $" ({title.TrimEnd('.')})");
        if (!string.IsNullOrEmpty(detail))
            text.Append(CultureInfo.InvariantCulture, $": {detail}");
        foreach (var error in errors.SelectMany(field => field.Value.Select(said => field.Key.Length == 0 ? said : $"{field.Key}: {said}")).Where(error => detail?.Contains(error, StringComparison.Ordinal) != true).Take(ShownErrors))
            text.Append(CultureInfo.InvariantCulture, $"\n  {error}");
        return text.ToString();
    }
}
