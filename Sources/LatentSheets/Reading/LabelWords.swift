/// Looks for words in what is said of a coder's latents and in their names, whatever the case; a million texts are gone through in a
/// fraction of a second.
struct LabelWords {
    private let wanted: [String]
    /// The words as bytes; `nil` unless all are ASCII.
    private let bytes: [[UInt8]]?
    /// What every latent's name starts with, in lower case.
    private let start: [UInt8]

    /// Looks for words that are in lower case and without spaces.
    init(_ wanted: [String], coder: String) {
        self.wanted = wanted
        let words = wanted.map { Array($0.utf8) }
        bytes = words.allSatisfy { $0.allSatisfy { $0 < 0x80 } } ? words : nil
        start = Array("\(coder)/".lowercased().utf8)
    }

    /// Whether there is none.
    var isEmpty: Bool { wanted.isEmpty }

    /// Whether each word is in one of some texts or in a latent's name.
    func areAll(in texts: some Sequence<String>, orName name: @autoclosure () -> String) -> Bool {
        if let found = bytes.flatMap({ words in areAll(words, in: texts, orName: name) }) { return found }
        let text = (Array(texts) + [name()]).joined(separator: "\n").lowercased()
        return wanted.allSatisfy(text.contains)
    }

    /// - Returns: `nil` if a text has characters of which bytes do not tell how they are in lower case or what they are part of.
    private func areAll(_ words: [[UInt8]], in texts: some Sequence<String>, orName name: () -> String) -> Bool? {
        var missing = words
        for text in texts {
            guard Self.remove(&missing, in: text) else { return nil }
            if missing.isEmpty { return true }
        }
        // Names end in a number, so that most words need not be looked for in a million of them.
        guard missing.allSatisfy(mayBeInNames) else { return false }
        return Self.remove(&missing, in: name()) ? missing.isEmpty : nil
    }

    private func mayBeInNames(_ word: [UInt8]) -> Bool {
        let isInNumber = word.last.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        return isInNumber || start.contains { $0 >= 0x80 } || start.withUnsafeBufferPointer { Self.isIn($0, word) }
    }

    /// Removes the words that are in a text; `false` if bytes do not tell that.
    private static func remove(_ words: inout [[UInt8]], in text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard isPlain(bytes) else { return false }
            words.removeAll { isIn(bytes, $0) }
            return true
        }
    }

    /// Whether a text holds but ASCII and signs that stand by themselves and have no case, U+00A0 to U+00BF, such as the dot for a space.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var place = 0
        while place < bytes.count {
            if bytes[place] < 0x80 {
                place += 1
            } else {
                guard bytes[place] == 0xC2, place + 1 < bytes.count, bytes[place + 1] >= 0xA0 else { return false }
                place += 2
            }
        }
        return true
    }

    /// Whether a word in lower case is in a text, whose letters may be in upper case.
    private static func isIn(_ bytes: UnsafeBufferPointer<UInt8>, _ word: [UInt8]) -> Bool {
        guard let first = word.first else { return true }
        guard word.count <= bytes.count else { return false }
        for start in 0...(bytes.count - word.count) where lower(bytes[start]) == first {
            var length = 1
            while length < word.count, lower(bytes[start + length]) == word[length] { length += 1 }
            if length == word.count { return true }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
