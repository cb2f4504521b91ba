namespace Flywheel.Silo.Api.Ofrep;

/// <summary>What went wrong, in the words of the OpenFeature Remote Evaluation Protocol.</summary>
/// <param name="ErrorCode">One of the constants.</param>
/// <param name="ErrorDetails">For people.</param>
internal sealed record OfrepError(string ErrorCode, string ErrorDetails)
{
    public const string ParseError = "PARSE_ERROR";
    public const string TargetingKeyMissing = "TARGETING_KEY_MISSING";
    public const string InvalidContext = "INVALID_CONTEXT";
    public const string FlagNotFound = "FLAG_NOT_FOUND";
    public const string General = "GENERAL";
}
