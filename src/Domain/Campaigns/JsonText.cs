using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Flywheel.Domain.Campaigns;

/// <summary>How JSON is written: letters of every language as they are, and what could break out of markup escaped.</summary>
public static class JsonText
{
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };
}
