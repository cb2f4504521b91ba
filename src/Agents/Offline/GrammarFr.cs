namespace Flywheel.Agents.Offline;

/// <summary>French. The spaces before ? ! : ; are written plain here and set by <see cref="FrenchTypography"/>.</summary>
internal static class GrammarFr
{
    public static readonly Grammar Grammar = new()
    {
        Set = FrenchTypography.Set,
        Patterns =
        [
            new(Angle.Benefit, TextFormat.Statement, "{brand} : {claim}"),
            new(Angle.Benefit, TextFormat.Statement, "{Claim}, avec {brand}"),
            new(Angle.Benefit, TextFormat.Statement, "{Claim}. Voilà {brand}", Tone.Direct),
            new(Angle.Benefit, TextFormat.Statement, "Avec {brand} : {claim}"),
            new(Angle.Benefit, TextFormat.Statement, "L’essentiel : {claim}", Tone.Direct),
            new(Angle.Benefit, TextFormat.Statement, "Bonne nouvelle : {claim}", Tone.Warm),
            new(Angle.Benefit, TextFormat.Statement, "Pour [vous|toi] : {claim}", Tone.Warm),
            new(Angle.Benefit, TextFormat.Statement, "À [votre|ta] disposition avec {brand} : {claim}", Tone.Formal),
            new(Angle.Benefit, TextFormat.Imperative, "[Faites|Fais] une place à {brand}"),
            new(Angle.Benefit, TextFormat.Imperative, "[Accordez-vous|Accorde-toi] un moment avec {brand}", Tone.Warm),
            new(Angle.Benefit, TextFormat.Statement, "Et hop, {brand} !", Tone.Playful),

            new(Angle.Curiosity, TextFormat.Statement, "À savoir sur {brand} : {claim}"),
            new(Angle.Curiosity, TextFormat.Question, "Derrière {brand} ? {Claim}"),
            new(Angle.Curiosity, TextFormat.Question, "[Le saviez-vous|Le savais-tu] ? {Claim}", Tone.Warm),
            new(Angle.Curiosity, TextFormat.Imperative, "[Devinez|Devine] quoi : {claim}", Tone.Playful),
            new(Angle.Curiosity, TextFormat.Statement, "Psst… {claim}", Tone.Playful),
            new(Angle.Curiosity, TextFormat.Imperative, "[Découvrez|Découvre] ce {que:brand} [vous|te] réserve"),
            new(Angle.Curiosity, TextFormat.Imperative, "[Regardez|Regarde] {brand} de plus près"),
            new(Angle.Curiosity, TextFormat.Question, "Pouvons-nous [vous|te] présenter {brand} ?", Tone.Formal),
            new(Angle.Curiosity, TextFormat.Question, "Et si [vous découvriez|tu découvrais] {brand} ?"),
            new(Angle.Curiosity, TextFormat.Imperative, "[Regardez|Regarde] de plus près"),
            new(Angle.Curiosity, TextFormat.Question, "Envie d’en savoir plus ?"),

            new(Angle.Proof, TextFormat.Statement, "Les faits : {claim}", Tone.Direct),
            new(Angle.Proof, TextFormat.Statement, "{brand}, concrètement : {claim}"),
            new(Angle.Proof, TextFormat.Imperative, "{Claim}. [Jugez par vous-même|Juge par toi-même]"),
            new(Angle.Proof, TextFormat.Imperative, "[Voyez vous-même|Vois toi-même] : {claim}"),
            new(Angle.Proof, TextFormat.Statement, "{Claim}. {Claim2}"),
            new(Angle.Proof, TextFormat.Statement, "À noter : {claim}", Tone.Formal),

            new(Angle.Urgency, TextFormat.Question, "Pourquoi attendre ? {Claim}"),
            new(Angle.Urgency, TextFormat.Question, "Pourquoi remettre {brand} à demain ?"),
            new(Angle.Urgency, TextFormat.Question, "Et si c’était aujourd’hui, avec {brand} ?"),
            new(Angle.Urgency, TextFormat.Imperative, "[Allez-y|Vas-y] : {claim}", Tone.Direct),
            new(Angle.Urgency, TextFormat.Imperative, "[Passez|Passe] à l’action avec {brand}", Tone.Direct),
            new(Angle.Urgency, TextFormat.Statement, "Aujourd’hui, on pense à {brand}", Tone.Warm),
            new(Angle.Urgency, TextFormat.Question, "Et si c’était aujourd’hui ?"),

            new(Angle.Question, TextFormat.Question, "Pourquoi pas {brand} ?"),
            new(Angle.Question, TextFormat.Question, "Et {brand} ? {Claim}"),
            new(Angle.Question, TextFormat.Question, "{Claim} : ça [vous|te] dit ?", Tone.Warm),
            new(Angle.Question, TextFormat.Question, "Que [feriez-vous|ferais-tu] avec {brand} ?"),
            new(Angle.Question, TextFormat.Question, "Envie {de:brand} ?"),
            new(Angle.Question, TextFormat.Question, "Et pour [vous|toi], ce serait {brand} ?", Tone.Direct),
            new(Angle.Question, TextFormat.Question, "[Connaissez-vous|Connais-tu] {brand} ?", Tone.Formal),
            new(Angle.Question, TextFormat.Question, "On y va ?", Tone.Playful),
            new(Angle.Question, TextFormat.Question, "Et [vous|toi], qu’en [pensez-vous|penses-tu] ?"),

            new(Angle.Community, TextFormat.Statement, "Entre nous : {claim}"),
            new(Angle.Community, TextFormat.Imperative, "[Rejoignez|Rejoins] {brand}"),
            new(Angle.Community, TextFormat.Statement, "{brand} et [vous|toi], ensemble", Tone.Warm),
            new(Angle.Community, TextFormat.Statement, "Ensemble avec {brand} : {claim}", Tone.Warm),
            new(Angle.Community, TextFormat.Statement, "Du côté {de:brand}, on [vous |t’]attend !", Tone.Playful),
            new(Angle.Community, TextFormat.Statement, "Bienvenue chez {brand}", Tone.Warm),
            new(Angle.Community, TextFormat.Statement, "Nous serions ravis de [vous|te] compter parmi nous", Tone.Formal),
            new(Angle.Community, TextFormat.Imperative, "[Rejoignez|Rejoins]-nous"),
        ],
        Calls =
        [
            new(Angle.Invitation, TextFormat.Imperative, "[Découvrez|Découvre]"),
            new(Angle.Invitation, TextFormat.Statement, "En savoir plus"),
            new(Angle.Invitation, TextFormat.Statement, "Voir de plus près"),
            new(Angle.Invitation, TextFormat.Imperative, "[Laissez-vous|Laisse-toi] tenter", Tone.Warm),
            new(Angle.Invitation, TextFormat.Imperative, "[Découvrez|Découvre] {brand}"),
            new(Angle.Invitation, TextFormat.Imperative, "[Montrez|Montre]-moi", Tone.Playful),

            new(Angle.Invitation, TextFormat.Imperative, "[Commandez|Commande]", Tone.Direct, Intent.Buy),
            new(Angle.Invitation, TextFormat.Imperative, "[Faites votre|Fais ton] choix", Tone.Warm, Intent.Buy),
            new(Angle.Invitation, TextFormat.Statement, "Voir la sélection", Tone.None, Intent.Buy),
            new(Angle.Invitation, TextFormat.Statement, "Passer commande", Tone.Formal, Intent.Buy),
            new(Angle.Invitation, TextFormat.Statement, "Je commande", Tone.None, Intent.Buy),

            new(Angle.Invitation, TextFormat.Imperative, "[Inscrivez-vous|Inscris-toi]", Tone.Direct, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Imperative, "[Rejoignez|Rejoins]-nous", Tone.Warm, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Statement, "Créer mon compte", Tone.None, Intent.SignUp),
            new(Angle.Invitation, TextFormat.Statement, "Je m’inscris", Tone.None, Intent.SignUp),

            new(Angle.Invitation, TextFormat.Imperative, "[Venez|Viens] voir", Tone.Warm, Intent.Visit),
            new(Angle.Invitation, TextFormat.Imperative, "[Passez|Passe] nous voir", Tone.Playful, Intent.Visit),
            new(Angle.Invitation, TextFormat.Statement, "Préparer ma visite", Tone.None, Intent.Visit),
            new(Angle.Invitation, TextFormat.Imperative, "[Préparez votre|Prépare ta] visite", Tone.Formal, Intent.Visit),
            new(Angle.Invitation, TextFormat.Statement, "J’y vais", Tone.Direct, Intent.Visit),

            new(Angle.Invitation, TextFormat.Imperative, "[Essayez|Essaie]", Tone.Direct, Intent.Try),
            new(Angle.Invitation, TextFormat.Imperative, "[Faites|Fais] un essai", Tone.Warm, Intent.Try),
            new(Angle.Invitation, TextFormat.Statement, "Commencer l’essai", Tone.None, Intent.Try),
            new(Angle.Invitation, TextFormat.Statement, "J’essaie", Tone.Playful, Intent.Try),
            new(Angle.Invitation, TextFormat.Imperative, "[Essayez|Essaie] {brand}", Tone.None, Intent.Try),

            new(Angle.Invitation, TextFormat.Imperative, "[Donnez|Donne]", Tone.Direct, Intent.Support),
            new(Angle.Invitation, TextFormat.Statement, "Je participe", Tone.None, Intent.Support),
            new(Angle.Invitation, TextFormat.Imperative, "[Prêtez|Prête] main-forte", Tone.Warm, Intent.Support),
            new(Angle.Invitation, TextFormat.Imperative, "[Soutenez|Soutiens] {brand}", Tone.None, Intent.Support),
        ],
    };
}
