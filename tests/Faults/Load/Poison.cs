namespace Flywheel.Faults.Load;

/// <summary>Lines that look like signals and are none: each must be rejected by its index, and harm nothing around it.</summary>
internal static class Poison
{
    public static Line Brew(Random random, Line good)
    {
        var text = random.Next(6) switch
        {
            0 => good.Text[..(good.Text.Length / 2)],
            1 => good.Text.Replace("\"decisionId\":\"", "\"decisionId\":\"A", StringComparison.Ordinal),
            2 => """{"decisionId":"","type":"impression"}""",
            3 => good.Text.Replace("\"type\":\"", "\"type\":\"No such type! ", StringComparison.Ordinal),
            4 => """{"id":"x-1","campaign":"nobody","modules":{"headline":"h1"},"type":"click"}""",
            _ => "\u0001 [] \"poison\" \uFFFD",
        };
        return new Line(text, LineKind.Poison, null);
    }
}
