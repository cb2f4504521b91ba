using System.Globalization;
using System.Security;
using System.Text;

namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>Writes SVG elements, one a line; coordinates with one decimal, so that the same picture is the same text everywhere.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    public SvgWriter(double width, double height, string title, string description, string style)
    {
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {N(width)} {N(height)}" width="{N(width)}" height="{N(height)}" role="img" aria-labelledby="title desc">""");
        Line($"""<title id="title">{Escape(title)}</title>""");
        Line($"""<desc id="desc">{Escape(description)}</desc>""");
        Line($"<style>\n{style.Trim()}\n</style>");
    }

    /// <summary>Starts a group; a reader hears, and a pointer shows, its <paramref name="title"/>.</summary>
    public void Open(string @class, string? title = null)
    {
        Line($"""<g class="{@class}">""");
        if (title is not null)
            Line($"<title>{Escape(title)}</title>");
    }

    public void Close() => Line("</g>");

    public void Rectangle(double x, double y, double width, double height, string @class) =>
        Line($"""<rect class="{@class}" x="{N(x)}" y="{N(y)}" width="{N(width)}" height="{N(height)}"/>""");

    public void Segment(double x1, double y1, double x2, double y2, string @class) =>
        Line($"""<line class="{@class}" x1="{N(x1)}" y1="{N(y1)}" x2="{N(x2)}" y2="{N(y2)}"/>""");

    public void Circle(double x, double y, double radius) => Line($"""<circle cx="{N(x)}" cy="{N(y)}" r="{N(radius)}"/>""");

    /// <summary>A closed polygon.</summary>
    public void Polygon(params ReadOnlySpan<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(N(x)).Append(' ').Append(N(y));
        Line($"""<path d="{path}Z"/>""");
    }

    /// <param name="anchor">start, middle or end.</param>
    public void Text(double x, double y, string text, string @class, string anchor = "start") =>
        Line($"""<text class="{@class}" x="{N(x)}" y="{N(y)}" text-anchor="{anchor}">{Escape(text)}</text>""");

    /// <summary>The document so far, closed.</summary>
    public override string ToString() => $"{_text}</svg>\n";

    private static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);

    private void Line(string line) => _text.Append(line).Append('\n');
}
