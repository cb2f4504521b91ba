namespace Flywheel.Agents.Offline;

/// <summary>English.</summary>
internal static class GrammarEn
{
    public static readonly Grammar Grammar = new()
    {
        Set = text => text,
        Patterns =
        [
            new(Angle.Benefit, TextFormat.Statement, "{brand}: {claim}"),
            new(Angle.Benefit, TextFormat.Statement, "{Claim}, with {brand}"),
            new(Angle.Benefit, TextFormat.Statement, "{Claim}. That’s {brand}", Tone.Direct),
            new(Angle.Benefit, TextFormat.Statement, "Yours with {brand}: {claim}"),
            new(Angle.Benefit, TextFormat.Statement, "What matters: {claim}", Tone.Direct),
            new(Angle.Benefit, TextFormat.Statement, "Good news: {claim}", Tone.Warm),
            new(Angle.Benefit, TextFormat.Statement, "For you: {claim}", Tone.Warm),
            new(Angle.Benefit, TextFormat.Statement, "{brand} brings you: {claim}", Tone.Formal),
            new(Angle.Benefit, TextFormat.Imperative, "Make room for {brand}"),
            new(Angle.Benefit, TextFormat.Imperative, "Treat yourself to {brand}", Tone.Warm),
            new(Angle.Benefit, TextFormat.Imperative, "Say hello to {brand}!", Tone.Playful),

            new(Angle.Curiosity, TextFormat.Statement, "Worth knowing about {brand}: {claim}"),
            new(Angle.Curiosity, TextFormat.Question, "What’s behind {brand}? {Claim}"),
            new(Angle.Curiosity, TextFormat.Question, "Have you heard? {Claim}", Tone.Warm),
            new(Angle.Curiosity, TextFormat.Imperative, "Guess what: {claim}", Tone.Playful),
            new(Angle.Curiosity, TextFormat.Statement, "Psst… {claim}", Tone.Playful),
            new(Angle.Curiosity, TextFormat.Imperative, "See what {brand} has for you"),
            new(Angle.Curiosity, TextFormat.Imperative, "Take a closer look at {brand}"),
            new(Angle.Curiosity, TextFormat.Question, "May we introduce {brand}?", Tone.Formal),
            new(Angle.Curiosity, TextFormat.Question, "Curious about {brand}?"),
            new(Angle.Curiosity, TextFormat.Imperative, "Take a closer look"),
            new(Angle.Curiosity, TextFormat.Statement, "There’s more to see here"),

            new(Angle.Proof, TextFormat.Statement, "The facts: {claim}", Tone.Direct),
            new(Angle.Proof, TextFormat.Statement, "{brand}, in plain words: {claim}"),
            new(Angle.Proof, TextFormat.Imperative, "{Claim}. See for yourself"),
            new(Angle.Proof, TextFormat.Imperative, "Check for yourself: {claim}"),
            new(Angle.Proof, TextFormat.Statement, "{Claim}. {Claim2}"),
            new(Angle.Proof, TextFormat.Imperative, "Please see for yourself: {claim}", Tone.Formal),

            new(Angle.Urgency, TextFormat.Question, "Why wait? {Claim}"),
            new(Angle.Urgency, TextFormat.Question, "Why wait for {brand}?"),
            new(Angle.Urgency, TextFormat.Question, "Why not today, with {brand}?"),
            new(Angle.Urgency, TextFormat.Imperative, "Go ahead: {claim}", Tone.Direct),
            new(Angle.Urgency, TextFormat.Imperative, "Get going with {brand}", Tone.Direct),
            new(Angle.Urgency, TextFormat.Statement, "Today looks like a day for {brand}", Tone.Warm),
            new(Angle.Urgency, TextFormat.Question, "Why not today?"),

            new(Angle.Question, TextFormat.Question, "Why not {brand}?"),
            new(Angle.Question, TextFormat.Question, "How about {brand}? {Claim}"),
            new(Angle.Question, TextFormat.Question, "{Claim}: how does that sound?", Tone.Warm),
            new(Angle.Question, TextFormat.Question, "What would you do with {brand}?"),
            new(Angle.Question, TextFormat.Question, "Is {brand} for you? {Claim}"),
            new(Angle.Question, TextFormat.Question, "Ready for {brand}?", Tone.Direct),
            new(Angle.Question, TextFormat.Question, "Would {brand} suit you?", Tone.Formal),
            new(Angle.Question, TextFormat.Question, "Shall we?", Tone.Playful),
            new(Angle.Question, TextFormat.Question, "What would you like to see?"),

            new(Angle.Community, TextFormat.Imperative, "Join in: {claim}"),
            new(Angle.Community, TextFormat.Imperative, "Join {brand}"),
            new(Angle.Community, TextFormat.Statement, "{brand} and you, together", Tone.Warm),
            new(Angle.Community, TextFormat.Statement, "Together with {brand}: {claim}", Tone.Warm),
            new(Angle.Community, TextFormat.Imperative, "Come along with {brand}", Tone.Playful),
            new(Angle.Community, TextFormat.Statement, "Welcome to {brand}", Tone.Warm),
            new(Angle.Community, TextFormat.Statement, "You are warmly invited to join {brand}", Tone.Formal),
            new(Angle.Community, TextFormat.Imperative, "Come and join us"),
        ],
        Calls =
        [
            new(Angle.Invitation, TextFormat.Imperative, "Discover"),
            new(Angle.Invitation, TextFormat.Imperative, "Learn more"),
            new(Angle.Invitation, TextFormat.Imperative, "See more"),
            new(Angle.Invitation, TextFormat.Imperative, "Have a look", Tone.Warm),
            new(Angle.Invitation, TextFormat.Imperative, "Discover {brand}"),
            new(Angle.Invitation, TextFormat.Statement, "I’m curious", Tone.Playful),

            new(Angle.Invitation, TextFormat.Imperative, "Order", Tone.Direct, Intent.Buy),
            new(Angle.Invitation, TextFormat.Imperative, "Choose yours", Tone.Warm, Intent.Buy),
            new(Angle.Invitation, TextFormat.Imperative, "See the selection", Tone.None, Intent.Buy),
            new(Angle.Invitation, TextFormat.Imperative, "Place your order", Tone.Formal, Intent.Buy),
            new(Angle.Invitation, TextFormat.Imperative, "Shop {brand}", Tone.None, Intent.Buy),

            new(Angle.Invitation, TextFormat.Imperative, "Sign up", Tone.Direct, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Imperative, "Join us", Tone.Warm, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Imperative, "Create your account", Tone.None, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Statement, "I’m in", Tone.Playful, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Imperative, "Sign up with {brand}", Tone.None, Intent.SignUp),

            new(Angle.Invitation, TextFormat.Imperative, "Come and see", Tone.Warm, Intent.Visit),
            new(Angle.Invitation, TextFormat.Imperative, "Visit us", Tone.None, Intent.Visit),
            new(Angle.Invitation, TextFormat.Imperative, "Drop by", Tone.Playful, Intent.Visit),
            new(Angle.Invitation, TextFormat.Imperative, "Plan your visit", Tone.Formal, Intent.Visit),
            new(Angle.Invitation, TextFormat.Imperative, "Visit {brand}", Tone.None, Intent.Visit),

            new(Angle.Invitation, TextFormat.Imperative, "Try it", Tone.Direct, Intent.Try),
            new(Angle.Invitation, TextFormat.Imperative, "Give it a try", Tone.Warm, Intent.Try),
            new(Angle.Invitation, TextFormat.Imperative, "Start your trial", Tone.None, Intent.Try),
            new(Angle.Invitation, TextFormat.Statement, "I’ll try it", Tone.Playful, Intent.Try),
            new(Angle.Invitation, TextFormat.Imperative, "Try {brand}", Tone.None, Intent.Try),

            new(Angle.Invitation, TextFormat.Imperative, "Give", Tone.Direct, Intent.Support),
            new(Angle.Invitation, TextFormat.Imperative, "Lend a hand", Tone.Warm, Intent.Support),
            new(Angle.Invitation, TextFormat.Imperative, "Take part", Tone.None, Intent.Support),
            new(Angle.Invitation, TextFormat.Imperative, "Support {brand}", Tone.None, Intent.Support),
        ],
    };
}
