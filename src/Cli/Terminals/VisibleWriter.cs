using System.Text;

namespace Flywheel.Cli.Terminals;

/// <summary>Writes lines on, with what would steer a terminal shown.</summary>
internal sealed class VisibleWriter(TextWriter to) : TextWriter
{
    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => to.Write(Visible.Lines(value.ToString()));

    public override void Write(string? value) => to.Write(Visible.Lines(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine(string? value) => to.WriteLine(Visible.Lines(value ?? ""));

    public override void Flush() => to.Flush();
}
