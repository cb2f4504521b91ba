using System.Collections.Frozen;

namespace Flywheel.Domain.Governance.Languages;

/// <summary>
/// The words that hold sentences together, folded, by language, and for French and English some that are in many. A word of one language is
/// evidence of 1 for it; one that several share counts for each in equal parts.
/// </summary>
internal static class StopWords
{
    private const string EnglishWords = """
            about after again also another around away back bring call change come day different each end enough even feel few find first found friend
            full give go good great hand help high home keep kind know large last later leave left less life light like little live long look love
            many may mean might moment money morning most move much name need next night nothing off often old once open order other part people
            place play point put quite read ready real right run said same save say see seem set show side since small something soon start stay
            step still stop story such sure take takes talk tell tells thank thing things think though thought time today together tomorrow
            tonight took try turn until use wait walk want wants watch water way week well went whole wish woman women word work world year years
            yes yet young pain force nature simple route regard voyage corps chose train pays yourself anyone everyone someone got going
            """;

    private const string FrenchWords = """
            aller allez alors annee arrive assez attend aujourd hui autre autres avez avance beau beaucoup besoin bon bonne bout chemin chose choix ciel
            coeur corps cote couleur couleurs cours demain dehors depart dernier deux dire doit donner douce doux droit eau effet enfant enfants
            enfin ensemble envie ete etes facile famille faut femme fete fin fois force foret gens gout grand grande grandes grands heure heures
            histoire hiver homme idee jeune jour jours journee leger legere libre loin long longue lumiere main maison maintenant mal matin
            matins meilleur meilleure merci mettre mieux moins moment monde montagne mot mots nature noir nom nouveau nouveaux nouvelle nouvelles
            nuit oublier ouvrir pain part partir pays peau pendant penser petit petite petites petits peu peur pied pieds place plaisir pluie
            point porte pouvoir premier premiere prendre prix raison regard reste retour reve rouge route rue saison savoir semaine sens seul
            simple soir soleil sommeil sortir souffle souvent temps terre tete train travail trop trouver venir vent verite vie vieux ville vite
            voir voix vouloir voyage vrai vraie ceci cela parce quelque quelques celles va vont dit etait chacun
            """;

    private static readonly (Language Language, string Words)[] Lists =
    [
        (Language.English, """
            the and of to you your yours with that this these those is are was were for it its from our ours we they have has had be been being not
            what how why when who which will would can could should must all more get gets make makes made new now just at by an i my his her him if
            so do does did don here there where than then into about out up them their she he us some any only every am me or but as on in no
            one let lets too very after before without through over under between never always still even ever again because while own a
            """ + " " + EnglishWords),
        (Language.French, """
            le la les un une des du de et est pour dans avec sans sur vous votre vos nous notre nos je tu il elle on ce cet cette ces qui que
            quoi plus pas ne se sa son ses mes ma mon ton ta tes au aux chez leur leurs tout tous toute toutes quand comme mais ou si bien fait
            faites faire etre avoir sont ont y en par pourquoi comment moi toi lui meme aussi tres entre vers depuis sous avant apres encore jamais
            toujours rien chaque peut peuvent soit ils elles eux voici voila deja ici donc car quel quelle quels quelles celui celle ceux a
            """ + " " + FrenchWords),
        (Language.German, """
            der die das und ist nicht mit fur ein eine einen einem einer den dem des von zu zum zur im auf sie ihr ihre ihren wir ich du mehr auch
            wie was aus bei nach so es an in am jetzt alle ohne uber unter noch nur wenn aber oder kein keine dein deine mein meine sich sind hat
            """),
        (Language.Spanish, """
            el la los las un una unos de del que y en con por para no es se su sus al lo como mas pero sin sobre tu te mi nos este esta esto todo
            toda todos cada muy hasta desde cuando donde ya tus son hay ser
            """),
        (Language.Italian, """
            il lo la i gli le un una uno di del della dei delle degli che e in con per non si al alla come piu ma senza su tuo tua suo sua ogni questo
            questa sono nel nella da dal dalla anche ti mi ci vi tutto tutti
            """),
        (Language.Portuguese, """
            o a os as um uma de do da dos das que e em no na nos nas com por para nao se seu sua mais como mas sem sobre voce este esta cada ao
            pelo pela muito todo toda ja
            """),
        (Language.Dutch, """
            de het een en van in is op te dat die voor met niet zijn aan er om naar bij je jij jouw uw wij ook als maar of uit meer nog dan wat
            hoe waar deze dit onze geen alle
            """),
    ];

    private static readonly FrozenDictionary<string, Language[]> ByWord = Lists
        .SelectMany(list => list.Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Select(word => (word, list.Language)))
        .GroupBy(entry => entry.word, entry => entry.Language)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The languages that have the word, none for most words.</summary>
    public static ReadOnlySpan<Language> Of(string word) => ByWord.TryGetValue(word, out var languages) ? languages : [];
}
