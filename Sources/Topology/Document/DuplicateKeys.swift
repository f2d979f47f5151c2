/// Stand-ins put into a text for keys that occur twice, so that the rest of it can still be read.
///
/// Yams refuses a mapping with a duplicate key as a whole and tells the place of the first only. The first letter of that key is
/// then replaced by a letter of the private use area, which keeps every column, and the text is parsed again.
struct DuplicateKeys {
    /// The place of a key in lines and Unicode scalars, as libYAML counts them.
    struct Place: Hashable {
        let line: Int
        let scalarColumn: Int
    }

    /// The text with stand-ins.
    private(set) var text: String
    private var originals: [Place: Unicode.Scalar] = [:]

    /// The most duplicates told apart in one file; each costs a parse.
    static let most = 64

    /// Letters that do not occur in the text.
    private let standIns: [Unicode.Scalar]

    init(text: String) {
        self.text = text
        let used = Set(text.unicodeScalars.filter { (0xE000...0xF8FF).contains($0.value) })
        let free = (0xE000...0xF8FF).lazy.compactMap { Unicode.Scalar($0 as UInt32) }.filter { !used.contains($0) }
        standIns = Array(free.prefix(Self.most))
    }

    /// Replaces the key's first letter at a place; `false` if that can't be done.
    mutating func replace(_ key: String, at place: Place) -> Bool {
        guard originals.count < standIns.count, originals[place] == nil, let first = key.unicodeScalars.first,
            var index = SourceLines(text).index(line: place.line, scalarColumn: place.scalarColumn)
        else { return false }
        if "\"'".unicodeScalars.contains(text.unicodeScalars[index]) {
            index = text.unicodeScalars.index(after: index)
        }
        guard index < text.endIndex, text.unicodeScalars[index] == first else { return false }
        let standIn = standIns[originals.count]
        let next = text.unicodeScalars.index(after: index)
        text.unicodeScalars.replaceSubrange(index..<next, with: CollectionOfOne(standIn))
        originals[place] = first
        return true
    }

    /// The key as written in the file.
    func original(of key: String, at place: Place) -> String {
        guard let first = originals[place] else { return key }
        var scalars = String.UnicodeScalarView()
        scalars.append(first)
        scalars.append(contentsOf: key.unicodeScalars.dropFirst())
        return String(scalars)
    }
}
