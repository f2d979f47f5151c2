/// A text cut into lines as YAML cuts it, with columns counted in characters.
///
/// libYAML counts columns in Unicode scalars; a person and a terminal count characters.
struct SourceLines {
    private let text: String
    /// The index at which each line starts.
    private let starts: [String.Index]
    /// The index at which each line ends, without its break.
    private let ends: [String.Index]
    /// For each line that is not plain ASCII, the column in characters of each of its scalars.
    private let columns: [Int: [Int32]]

    init(_ text: String) {
        self.text = text
        let scalars = text.unicodeScalars
        var starts = [scalars.startIndex]
        var ends: [String.Index] = []
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            var next = scalars.index(after: index)
            if Self.breaks.contains(scalar) {
                ends.append(index)
                if scalar == "\r", next < scalars.endIndex, scalars[next] == "\n" { next = scalars.index(after: next) }
                starts.append(next)
            }
            index = next
        }
        ends.append(scalars.endIndex)
        self.starts = starts
        self.ends = ends
        var columns: [Int: [Int32]] = [:]
        for (number, (start, end)) in zip(starts, ends).enumerated() {
            let line = text[start..<end]
            if !line.utf8.allSatisfy({ $0 < 0x80 }) { columns[number + 1] = Self.characterColumns(of: line) }
        }
        self.columns = columns
    }

    private static func characterColumns(of line: Substring) -> [Int32] {
        var columns: [Int32] = []
        for (offset, character) in line.enumerated() {
            for _ in character.unicodeScalars { columns.append(Int32(truncatingIfNeeded: offset + 1)) }
        }
        columns.append(Int32(truncatingIfNeeded: line.count + 1))
        return columns
    }

    private static let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

    /// The number of lines.
    var count: Int { starts.count }

    /// A line, from 1, without its break; `nil` if there is none.
    func line(_ number: Int) -> Substring? {
        guard number >= 1, number <= starts.count else { return nil }
        return text[starts[number - 1]..<ends[number - 1]]
    }

    /// The index of a Unicode scalar by line and column, both from 1; `nil` beyond the end of the line.
    func index(line number: Int, scalarColumn: Int) -> String.Index? {
        guard number >= 1, number <= starts.count, scalarColumn >= 1 else { return nil }
        let end = ends[number - 1]
        let index = text.unicodeScalars.index(starts[number - 1], offsetBy: scalarColumn - 1, limitedBy: end)
        return index == end ? nil : index
    }

    /// The mark of a line and a column in Unicode scalars, both from 1; a position beyond the text is moved to its end.
    func mark(line number: Int, scalarColumn: Int) -> SourceMark {
        guard number <= starts.count else {
            return SourceMark(line: starts.count, column: length(of: starts.count) + 1)
        }
        let line = max(number, 1)
        guard let columns = columns[line] else {
            return SourceMark(line: line, column: min(max(scalarColumn, 1), length(of: line) + 1))
        }
        return SourceMark(line: line, column: Int(columns[min(max(scalarColumn, 1), columns.count) - 1]))
    }

    /// The number of characters of a line that exists.
    private func length(of number: Int) -> Int {
        if let columns = columns[number] { return Int(columns.last ?? 1) - 1 }
        return text.utf8.distance(from: starts[number - 1], to: ends[number - 1])
    }

    /// The mark of an index of the text.
    func mark(of index: String.Index) -> SourceMark {
        // The first start after the index is that of the next line.
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle + 1 } else { high = middle }
        }
        let line = max(low, 1)
        return SourceMark(line: line, column: text[starts[line - 1]..<max(index, starts[line - 1])].count + 1)
    }
}
