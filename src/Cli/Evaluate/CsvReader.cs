using System.Text;

namespace Flywheel.Cli.Evaluate;

/// <summary>
/// Reads comma-separated values (RFC 4180, LF and a byte order mark too) record by record, in one buffer of bounded size, so that a
/// file of millions of rows costs no memory here.
/// </summary>
internal sealed class CsvReader(Stream stream) : IDisposable
{
    private const int MaxRecord = 1 << 20;
    private const int End = -1;

    private readonly StreamReader _reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
    private readonly char[] _buffer = new char[1 << 16];
    private readonly List<int> _ends = [];
    private char[] _record = new char[1 << 10];
    private int _length;
    private int _at;
    private int _filled;
    private long _nextLine = 1;

    /// <summary>The line the record starts on, from 1.</summary>
    public long Line { get; private set; }

    public int FieldCount => _ends.Count;

    /// <summary>True for a line with nothing on it.</summary>
    public bool IsBlank => _ends is [0];

    /// <summary>Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<char> Field(int index) => _record.AsSpan((index == 0 ? 0 : _ends[index - 1]).._ends[index]);

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="InvalidDataException">This is no CSV; the message says where and why.</exception>
    public bool Read()
    {
        (Line, _length) = (_nextLine, 0);
        _ends.Clear();
        if (Peek() == End)
            return false;
        int separator;
        do
        {
            separator = Peek() == '"' ? ReadQuoted() : ReadPlain();
            _ends.Add(_length);
        }
        while (separator == ',');
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private int ReadPlain()
    {
        for (var c = Next(); ; c = Next())
        {
            if (c is ',' or End || IsLineEnd(c))
                return c;
            if (c == '"')
                throw Wrong(_nextLine, "a quote within an unquoted field", "the whole field in quotes, quotes in it doubled");
            Append((char)c);
        }
    }

    private int ReadQuoted()
    {
        Next();
        while (true)
        {
            var c = Next();
            if (c == End)
                throw Wrong(Line, "a quote that never closes", "a closing quote");
            if (c != '"')
            {
                // What the line end is made of belongs to the field; where it is counts for the next error message.
                if (c == '\n' || (c == '\r' && Peek() != '\n'))
                    _nextLine++;
                Append((char)c);
            }
            else if (Peek() == '"')
            {
                Append((char)Next());
            }
            else
            {
                c = Next();
                return c is ',' or End || IsLineEnd(c) ? c : throw Wrong(_nextLine, $"'{(char)c}' after a closing quote", "a comma or the end of the line");
            }
        }
    }

    /// <summary>Takes a line end whole: LF, CR LF or CR.</summary>
    private bool IsLineEnd(int c)
    {
        if (c is not ('\n' or '\r'))
            return false;
        if (c == '\r' && Peek() == '\n')
            Next();
        _nextLine++;
        return true;
    }

    private int Peek() => _at < _filled || Fill() ? _buffer[_at] : End;

    private int Next() => _at < _filled || Fill() ? _buffer[_at++] : End;

    private bool Fill()
    {
        try
        {
            (_at, _filled) = (0, _reader.Read(_buffer));
            return _filled > 0;
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"after line {_nextLine}: came bytes that are no UTF-8; expected UTF-8");
        }
    }

    private void Append(char c)
    {
        if (_length == MaxRecord)
            throw Wrong(Line, $"a row of more than {MaxRecord} characters", "shorter ones (is a quote left open?)");
        if (_length == _record.Length)
            Array.Resize(ref _record, 2 * _length);
        _record[_length++] = c;
    }

    private InvalidDataException Wrong(long line, string came, string expected) =>
        new($"line {line}, column {_ends.Count + 1}: came {came}; expected {expected}");
}
