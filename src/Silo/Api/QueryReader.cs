using System.Globalization;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api;

/// <summary>Reads query parameters, and notes what is wrong with them. One that is empty is not there.</summary>
internal sealed class QueryReader(HttpRequest request)
{
    private const int Listed = 10;

    public List<FieldError> Errors { get; } = [];

    public string? Text(string name) => request.Query[name] is [{ Length: > 0 } text] ? text : null;

    /// <summary>One of these; null where it is not there or another.</summary>
    public string? OneOf(string name, IReadOnlyCollection<string> values)
    {
        if (Text(name) is not { } text || values.Contains(text))
            return Text(name);
        return Wrong(name, text, $"one of {string.Join(", ", values.Take(Listed))}{(values.Count > Listed ? ", …" : "")}");
    }

    public long Number(string name, long otherwise, long least, long most)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Wrong(name, text, $"a whole number from {least} to {most}");
        return otherwise;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        Wrong(name, text, "an RFC 3339 time such as 2026-05-04T10:00:00Z");
        return null;
    }

    private string? Wrong(string name, string came, string expected)
    {
        Errors.Add(new FieldError(name, $"\"{Problem.Shorten(came)}\"", expected));
        return null;
    }
}
