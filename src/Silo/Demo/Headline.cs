namespace Flywheel.Silo.Demo;

/// <summary>A headline and the click rate that real readers gave it, clicks ÷ impressions.</summary>
internal sealed record Headline(string Text, double ClickRate);
