using System.Globalization;

namespace Flywheel.Cli.Evaluate;

/// <summary>A CSV file with a header, read by the names of its columns, in any order; columns that nobody asked for are passed over.</summary>
internal sealed class CsvTable : IDisposable
{
    private const int MostQuoted = 40;

    private readonly CsvReader _reader;
    private readonly string[] _columns;
    private readonly FileStream _file;
    private readonly int[] _positions;
    private readonly int _width;

    /// <param name="path">Of the file.</param>
    /// <param name="required">Columns that must be there; they come first in the numbers that <see cref="Text"/> takes.</param>
    /// <param name="optional">Columns that may be missing, and are empty then.</param>
    /// <exception cref="InvalidDataException">The header is wrong; the message says where and why.</exception>
    public CsvTable(string path, string[] required, string[] optional)
    {
        string[] columns = [.. required, .. optional];
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        _reader = new CsvReader(_file);
        _columns = columns;
        _positions = [.. columns.Select(_ => -1)];
        try
        {
            if (!_reader.Read() || _reader.IsBlank)
                throw Wrong("", "nothing", $"a header: {string.Join(',', optional.Concat(required))}");
            _width = _reader.FieldCount;
            for (var i = 0; i < _width; i++)
                Place(i);
            for (var column = 0; column < required.Length; column++)
            {
                if (_positions[column] < 0)
                    throw Wrong(columns[column], "no such column", $"a header with {string.Join(", ", required)} and, if you like, {string.Join(", ", optional)}");
            }
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    public long Line => _reader.Line;

    /// <summary>The part of the file that was read, 0 to 1; 0 where nobody knows how long it is.</summary>
    public double Progress => _file.CanSeek && _file.Length > 0 ? _file.Position / (double)_file.Length : 0;

    /// <summary>Goes to the next row that is not blank; false at the end.</summary>
    /// <exception cref="InvalidDataException">The row does not fit the header; the message says where and why.</exception>
    public bool Read()
    {
        do
        {
            if (!_reader.Read())
                return false;
        }
        while (_reader.IsBlank && _width > 1);
        return _reader.FieldCount == _width ? true : throw Wrong("", $"{_reader.FieldCount} fields", $"{_width}, as in the header");
    }

    /// <summary>Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<char> Text(int column) => _positions[column] < 0 ? [] : _reader.Field(_positions[column]);

    /// <exception cref="InvalidDataException">There is no name; the message says where.</exception>
    public ReadOnlySpan<char> Name(int column)
    {
        var text = Text(column);
        return text.Length > 0 ? text : throw Wrong(column, "a name");
    }

    /// <exception cref="InvalidDataException">There is no such number; the message says where and why.</exception>
    public double Number(int column, double least, double most, string expected) =>
        double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(column, expected);

    /// <summary>What came is quoted from the row.</summary>
    public InvalidDataException Wrong(int column, string expected)
    {
        var text = Text(column);
        return Wrong(_columns[column], text.Length == 0 ? "nothing" : $"\"{(text.Length <= MostQuoted ? text : $"{text[..MostQuoted]}…")}\"", expected);
    }

    public InvalidDataException Wrong(string column, string came, string expected) => Wrong(Line, column, came, expected);

    public static InvalidDataException Wrong(long line, string column, string came, string expected) =>
        new($"line {line}{(column.Length > 0 ? $", column {column}" : "")}: came {came}; expected {expected}");

    public void Dispose() => _reader.Dispose();

    private void Place(int field)
    {
        var name = _reader.Field(field).Trim();
        for (var column = 0; column < _columns.Length; column++)
        {
            if (!name.Equals(_columns[column], StringComparison.OrdinalIgnoreCase))
                continue;
            if (_positions[column] >= 0)
                throw Wrong(_columns[column], "it twice", "it once");
            _positions[column] = field;
        }
    }
}
