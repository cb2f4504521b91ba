using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Flywheel.Domain.Campaigns;

/// <summary>How JSON is written: letters of every language as they are, and what could break out of markup escaped.</summary>
public static class JsonText
{
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    /// <summary>What is said of bytes that JSON readers would let pass within a text: they would be served as other characters, and read back as another content.</summary>
    internal const string NoUtf8 = "the text has bytes that are no UTF-8";

    private const int ShownOfAFault = 100;

    /// <summary>
    /// What is wrong with JSON, without its middle: the reader quotes all that is left of a text, and an answer should not be as long as what
    /// was asked. The end says where.
    /// </summary>
    public static string FaultOf(Exception fault) =>
        fault.Message is { Length: > 2 * ShownOfAFault } text ? $"{text[..ShownOfAFault]} … {text[^ShownOfAFault..]}" : fault.Message;
}
