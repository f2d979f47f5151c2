import Store

/// Looks for words in the names of a coder's latents, all of them, without making a name for each.
struct NameSearch {
    private let coder: String
    private let wanted: [String]
    /// The name up to the number; `nil` for one that is not all ASCII, which is looked at as it is written.
    private let start: [UInt8]?
    /// The words that are not in the name's start; `nil` if one of them can be in no name.
    private let rest: [[UInt8]]?

    /// Looks for words that are in lower case and without spaces.
    init(_ wanted: [String], coder: String) {
        self.coder = coder
        self.wanted = wanted
        let start = Self.ascii("\(coder)/".lowercased())
        self.start = start
        let words = wanted.map(Self.ascii)
        let left = words.compactMap(\.self).filter { word in start.map { !Self.has($0[...], word) } ?? true }
        // What is not in the start must reach into the number, and so end in a digit.
        let canBeFound = words.allSatisfy { $0 != nil } && left.allSatisfy { $0.last.map(Self.digits.contains) ?? true }
        rest = canBeFound ? left : nil
    }

    /// Whether the name of a latent has all words.
    func finds(_ latent: Int) -> Bool {
        guard let start else {
            let name = LatentKey(coder: coder, latent: latent).written.lowercased()
            return wanted.allSatisfy(name.contains)
        }
        guard let rest else { return false }
        guard !rest.isEmpty else { return true }
        var name: InlineArray<20, UInt8> = InlineArray(repeating: 0)
        var (first, number) = (20, latent)
        repeat {
            first -= 1
            name[first] = Self.digits.lowerBound + UInt8(truncatingIfNeeded: number % 10)
            number /= 10
        } while number > 0
        return rest.allSatisfy { word in
            // The word's last place in the number, from the last digit to the first.
            (first..<20).contains { end in
                word.indices.allSatisfy { index in
                    let place = end - word.count + 1 + index
                    if place >= first { return name[place] == word[index] }
                    let before = start.count + place - first
                    return before >= 0 && start[before] == word[index]
                }
            }
        }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    /// A text's characters, each of which equals one of ASCII; `nil` for other texts.
    private static func ascii(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for character in text {
            guard let byte = (0..<128).first(where: { Character(UnicodeScalar(UInt8($0))) == character }) else {
                return nil
            }
            bytes.append(UInt8(byte))
        }
        return bytes
    }

    private static func has(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
        guard word.count <= text.count else { return false }
        return (0...(text.count - word.count)).contains { text.dropFirst($0).starts(with: word) }
    }
}
