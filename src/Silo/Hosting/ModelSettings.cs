using System.Globalization;
using Flywheel.Agents.LanguageModel;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Reads how a language model is reached from the command line, the environment (<c>FLYWHEEL__MODELURL</c>, <c>FLYWHEEL__MODEL</c>, …) or appsettings.
/// The key comes from the environment or appsettings alone: command lines show in process lists.
/// </summary>
internal static class ModelSettings
{
    private const string Key = "FLYWHEEL__MODEL__KEY";

    /// <summary>The option that sets each member of <see cref="ModelOptions"/>.</summary>
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        [nameof(ModelOptions.Url)] = "--model-url",
        [nameof(ModelOptions.Model)] = "--model",
        [nameof(ModelOptions.ApiKey)] = Key,
        [nameof(ModelOptions.MaxToolRounds)] = "--model-tool-rounds",
        [nameof(ModelOptions.InputPrice)] = "--model-input-price",
        [nameof(ModelOptions.OutputPrice)] = "--model-output-price",
    };

    /// <summary>Null where no model is asked for.</summary>
    /// <exception cref="StartupException">An option cannot work, or one is missing beside another. The message holds no key.</exception>
    public static ModelOptions? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(FlywheelOptions.Section);
        if (section["ModelUrl"] is null && section["Model"] is null)
        {
            var stray = ((string[])["ModelTimeoutSeconds", "ModelToolRounds", "ModelInputPrice", "ModelOutputPrice"]).FirstOrDefault(name => section[name] is not null);
            return stray is null ? null : throw new StartupException($"{NameOf(stray)}: came without a model; expected --model-url and --model beside it.");
        }
        if (section["ModelUrl"] is not { Length: > 0 } url)
            throw new StartupException("--model-url: came nothing; expected the address of the model beside --model, such as http://127.0.0.1:9000/v1.");
        if (section["Model"] is not { Length: > 0 } model)
            throw new StartupException("--model: came nothing; expected the model's name beside --model-url.");
        if (!Uri.TryCreate(url.TrimEnd('/'), UriKind.Absolute, out var address))
            throw new StartupException($"--model-url: came {url}; expected an absolute http or https address such as http://127.0.0.1:9000/v1.");
        var timeout = TimeSpan.FromSeconds((double)Number(section, "ModelTimeoutSeconds", 60, 1, 300));
        try
        {
            var options = new ModelOptions
            {
                Url = address,
                Model = model,
                ApiKey = section["Model:Key"],
                Timeout = timeout,
                // A slow model gets longer calls with a longer time in all, and a call that hangs can still be tried again.
                AttemptTimeout = timeout / 2,
                MaxToolRounds = (int)Number(section, "ModelToolRounds", 3, 0, 8, decimals: false),
                InputPrice = Number(section, "ModelInputPrice", 0, 0, 100_000),
                OutputPrice = Number(section, "ModelOutputPrice", 0, 0, 100_000),
            };
            options.Check();
            return options;
        }
        catch (ArgumentException e) when (e.ParamName is { } member && Options.TryGetValue(member, out var option))
        {
            var message = e.Message.Replace($"{member}:", $"{option}:", StringComparison.Ordinal);
            throw new StartupException(message.Replace($" (Parameter '{member}')", "", StringComparison.Ordinal));
        }
    }

    private static decimal Number(IConfiguration section, string name, decimal without, decimal least, decimal most, bool decimals = true)
    {
        if (section[name] is not { } text)
            return without;
        var style = decimals ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
        if (decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        throw new StartupException(string.Create(CultureInfo.InvariantCulture, $"{NameOf(name)}: came {text}; expected {(decimals ? "" : "a whole number, ")}{least} to {most}."));
    }

    private static string NameOf(string name) => name switch
    {
        "ModelTimeoutSeconds" => "--model-timeout-seconds",
        "ModelToolRounds" => "--model-tool-rounds",
        "ModelInputPrice" => "--model-input-price",
        _ => "--model-output-price",
    };
}
