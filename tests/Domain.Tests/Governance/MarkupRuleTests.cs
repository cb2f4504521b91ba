namespace Flywheel.Domain.Tests.Governance;

public sealed class MarkupRuleTests
{
    private const string Rule = "markup";

    public static TheoryData<string> Attacks => new()
    {
        "<b>Run</b> lighter",
        "Run<br/>lighter",
        "</div>Run",
        "<!-- hidden -->Run",
        "<?php run() ?>",
        "<script>alert(1)</script>",
        "<ScRiPt >alert(1)",
        "\uFF1Cscript\uFF1Ealert(1)",
        "<\u200Bscript>",
        "Run &lt;b&gt; lighter",
        "Run&nbsp;lighter",
        "&#106;avascript",
        "&#x6A;avascript",
        "x\" onerror=\"alert(1)",
        "x onload = go",
        "Hello {{user.name}}",
        "Hello ${name}",
        "<% code %>",
        "{% include x %}",
        "{{7*7}}",
        "Hello [[first_name]]",
        "Hello *|FNAME|*",
        "Hello %%NAME%%",
        "[Buy now](https://example.com)",
        "![x](y)",
        "[Buy] (now)",
        "# Run lighter",
        "Intro\n## Run lighter",
        "Run **lighter** now",
        "Run __lighter__ now",
        "Run *much lighter* now",
        "Run _lighter_ now",
        "Run ~~slower~~ lighter",
        "Run `rm -rf`",
        "```js```",
        "[url=x]y[/url]",
        "[b]Run[/b]",
        "See https://example.com/shoes",
        "See HTTP://EXAMPLE",
        "See //example.com/x",
        "www.example.com",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "j a v a s c r i p t : alert(1)",
        "java\u200Bscript:alert(1)",
        "ｊａｖａｓｃｒｉｐｔ：alert(1)",
        "jаvаscript:alert(1)",
        "data:text/html,hello",
        "vbscript:x",
        "mailto:someone",
        "file:///etc/passwd",
        "tel:+33123456789",
        "Find us on example.com today",
        "Find us on EXAMPLE．COM",
        "aster.fr",
        "bit.ly/x",
        "example.shop/spring",
        "example dot com",
        "exemple point fr",
        "example[.]com",
        "10.0.0.1",
        "write to run@example.org",
        "run (at) example",
        "%3Cscript%3E",
        "\\u003cscript\\u003e",
        "\\x3cb\\x3e",
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Check_MarkupOrLinks_AreBlocked(string text) => Drafts.Check(text).AssertBlocked(Rule, text);

    public static TheoryData<string> Innocent => new()
    {
        "We <3 running",
        "Pace < patience > pride",
        "5 < 6 & 7 > 3",
        "R&D; and more",
        "Fish & chips; peas",
        "Livraison offerte* dès demain, retours offerts*",
        "Rock 'n' roll / rhythm & blues",
        "#courir #trail",
        "N° spécial, à 50 % du but",
        "Once upon a run: one step",
        "Data: the new oil",
        "Note: stretch first",
        "Avant/après, et/ou, 24/7, km/h",
        "M. et Mme. Dupont s'entraînent",
        "etc. Et puis… rien. Net et clair.",
        "It was nice.Go on",
        "[Nouveau] La foulée douce",
        "Version (beta) [bientôt]",
        "L'e-mail ? On préfère marcher @ la plage",
        "snake_case_words are fine",
        "2 * 3 * 4",
        "$5 {maybe}",
        "Run [lighter] | [further]",
        "100 %, voire 110 %",
        "100% coton, -20% demain",
    };

    [Theory]
    [MemberData(nameof(Innocent))]
    public void Check_PunctuationOfProse_Passes(string text) => Drafts.Check(text).AssertNotBlocked(Rule, text);

    [Fact]
    public void Check_AltWithMarkup_IsBlocked() =>
        Drafts.Check(Drafts.Image, Drafts.Content("""{"url":"https://example.com/a.jpg","alt":"A shoe\" onload=\"x"}""")).AssertBlocked(Rule, "alt");

    [Fact]
    public void Check_ALink_IsQuotedWithItsField() => Assert.Contains(
        "content.text: a link (\"https://\"); plain text without markup, code or links",
        Drafts.Check("See https://example").Of(Rule).Select(finding => finding.Text));
}
