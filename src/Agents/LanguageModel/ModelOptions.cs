using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;

namespace Flywheel.Agents.LanguageModel;

/// <summary>How a language model is reached, how long it may take and what it costs.</summary>
/// <exception cref="ArgumentException">A value is out of the bounds that it states.</exception>
public sealed record ModelOptions
{
    /// <summary>Base of an API that speaks OpenAI's chat protocol; <c>/chat/completions</c> is added.</summary>
    /// <value>An absolute http or https address without user, query and fragment, for instance <c>http://127.0.0.1:9000/v1</c>.</value>
    public required Uri Url
    {
        get;
        init => field = value is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            ? value
            : throw Wrong("an address of another form", "an absolute http or https address without user, query and fragment");
    }

    /// <summary>The model's name, as the endpoint knows it.</summary>
    /// <value>1 to 200 characters.</value>
    public required string Model
    {
        get;
        init => field = value.Length is >= 1 and <= 200 ? value : throw Wrong($"{value.Length} characters", "1 to 200");
    }

    /// <summary>Sent as a bearer token, and shown nowhere: neither <see cref="ToString"/> nor JSON nor any failure holds it.</summary>
    /// <value>Printable ASCII; null where the endpoint wants none.</value>
    [JsonIgnore]
    public string? ApiKey
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value) ? null
            : value.Trim() is var key && key.All(letter => letter is > ' ' and <= '~') ? key
            : throw Wrong("a key with other characters", "printable ASCII without spaces");
    }

    /// <summary>How long a request may take in all: waiting for its turn, retries and rounds of tools included.</summary>
    /// <value>Default 60 s; 1 ms to 10 min.</value>
    public TimeSpan Timeout { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)); } = TimeSpan.FromSeconds(60);

    /// <summary>How long one call to the endpoint may take until its answer is here as a whole.</summary>
    /// <value>Default 30 s; 1 ms to 10 min.</value>
    public TimeSpan AttemptTimeout { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)); } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is tried again that was not answered, answered too late, or with 408, 429 or 5xx.</summary>
    /// <value>Default 2; 0 to 5.</value>
    public int Retries { get; init => field = Within(value, 0, 5); } = 2;

    /// <summary>The wait before the first retry; it doubles from one to the next and is spread by chance.</summary>
    /// <value>Default 500 ms; 1 ms to 1 min.</value>
    public TimeSpan RetryDelay { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)); } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest <c>Retry-After</c> that is waited for. Where the endpoint asks for more, the request fails at once.</summary>
    /// <value>Default 20 s; 0 to 5 min.</value>
    public TimeSpan MaxRetryAfter { get; init => field = Within(value, TimeSpan.Zero, TimeSpan.FromMinutes(5)); } = TimeSpan.FromSeconds(20);

    /// <summary>Requests under way at once.</summary>
    /// <value>Default 2; 1 to 64.</value>
    public int MaxConcurrent { get; init => field = Within(value, 1, 64); } = 2;

    /// <summary>Requests that wait for their turn; any further one is refused as busy.</summary>
    /// <value>Default 16; 0 to 1,000.</value>
    public int MaxQueued { get; init => field = Within(value, 0, 1_000); } = 16;

    /// <summary>Calls within <see cref="BreakerWindow"/> from which the circuit breaks when half of them failed.</summary>
    /// <value>Default 6; 2 to 1,000.</value>
    public int BreakerCalls { get; init => field = Within(value, 2, 1_000); } = 6;

    /// <value>Default 1 min; 500 ms to 1 h.</value>
    public TimeSpan BreakerWindow { get; init => field = Within(value, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)); } = TimeSpan.FromMinutes(1);

    /// <summary>How long nothing is sent once the circuit is broken; then one call tries whether the endpoint is back.</summary>
    /// <value>Default 30 s; 500 ms to 1 h.</value>
    public TimeSpan BreakDuration { get; init => field = Within(value, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)); } = TimeSpan.FromSeconds(30);

    /// <summary>Times that a model may ask for tools before it has to answer. With 0 it is offered none and gets the figures with the request.</summary>
    /// <value>Default 3; 0 to 8.</value>
    public int MaxToolRounds { get; init => field = Within(value, 0, 8); } = 3;

    /// <summary>Bytes of an HTTP answer; a longer one is malformed.</summary>
    /// <value>Default 262,144; 1,024 to 4,194,304.</value>
    public int MaxAnswerBytes { get; init => field = Within(value, 1_024, 4 << 20); } = 256 << 10;

    /// <summary>Tokens that the model may write at a time.</summary>
    /// <value>Default 2,000; 16 to 100,000.</value>
    public int MaxAnswerTokens { get; init => field = Within(value, 16, 100_000); } = 2_000;

    /// <summary>Tokens that a call is expected to read at most: what is set aside for it, with <see cref="MaxAnswerTokens"/>, until its usage is known.</summary>
    /// <value>Default 8,000, which is the rules with a slot of 32 long headlines and a full brief; 1 to 1,000,000.</value>
    public int InputTokens { get; init => field = Within(value, 1, 1_000_000); } = 8_000;

    /// <summary>Price of a million tokens read, in any currency.</summary>
    /// <value>Default 0; 0 to 100,000.</value>
    public decimal InputPrice { get; init => field = Within(value, 0, 100_000); }

    /// <summary>Price of a million tokens written, in the same currency.</summary>
    /// <value>Default 0; 0 to 100,000.</value>
    public decimal OutputPrice { get; init => field = Within(value, 0, 100_000); }

    /// <summary>Checks what no single value can say.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public void Check()
    {
        if (AttemptTimeout > Timeout)
            throw Wrong(AttemptTimeout.ToString(), $"at most {nameof(Timeout)} ({Timeout})", nameof(AttemptTimeout));
        if (ApiKey is not null && Url.Scheme == "http" && !Url.IsLoopback)
            throw Wrong("http with a key", "https, since a key would cross the network in the clear", nameof(Url));
    }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Url = {Url}, Model = {Model}, ApiKey = {(ApiKey is null ? "none" : "set")}, Timeout = {Timeout}, Retries = {Retries}, MaxConcurrent = {MaxConcurrent}, MaxQueued = {MaxQueued}");
        return true;
    }

    private static T Within<T>(T value, T least, T most, [CallerMemberName] string member = "")
        where T : IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0 ? value : throw Wrong($"{value}", $"{least} to {most}", member);

    private static ArgumentException Wrong(string came, string expected, [CallerMemberName] string member = "") => new($"{member}: came {came}; expected {expected}.", member);
}
