import Foundation

/// The latents that `--latent` names: numbers, `coder/number`, patterns with `*`, `?` and `[…]`, or a file with one a line.
struct LatentNames: Sendable, Hashable {
    private var numbers: Set<Int> = []
    private var names: Set<String> = []
    private var patterns: [String] = []

    /// A name that stands for nothing.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads what was given, each by itself.
    init(_ given: [String]) throws(Fault) {
        for text in given { try add(text, isFromFile: false) }
    }

    /// Whether every latent is meant.
    var isEmpty: Bool { numbers.isEmpty && names.isEmpty && patterns.isEmpty }

    /// The numbers by which a server can choose beforehand; `nil` if a pattern leaves them open.
    var candidates: [Int]? {
        guard patterns.isEmpty, !isEmpty else { return nil }
        return numbers.union(names.compactMap { $0.split(separator: "/").last.flatMap { Int($0) } }).sorted()
    }

    /// Whether numbers alone are given, so that a server's choice needs no second look.
    var isOfNumbersOnly: Bool { names.isEmpty && patterns.isEmpty }

    /// Whether a latent is meant; it has the name of its coder or that of its hookpoint.
    func contains(coder: String?, hookpoint: String?, latent: Int) -> Bool {
        if isEmpty || numbers.contains(latent) { return true }
        return [coder, hookpoint].compactMap(\.self).map { "\($0)/\(latent)" }.contains { name in
            names.contains(name) || patterns.contains { fnmatch($0, name, 0) == 0 }
        }
    }

    private mutating func add(_ text: String, isFromFile: Bool) throws(Fault) {
        if let number = Int(text) {
            guard number >= 0 else { throw Fault(description: "there is no latent \(number)") }
            numbers.insert(number)
        } else if text.contains(where: { "*?[".contains($0) }) {
            patterns.append(text)
        } else if !isFromFile, FileManager.default.fileExists(atPath: text) {
            guard let lines = try? String(contentsOfFile: text, encoding: .utf8) else {
                throw Fault(description: "\(text) cannot be read as text")
            }
            for line in lines.split(whereSeparator: \.isNewline) {
                let name = line.trimmingCharacters(in: .whitespaces)
                if !name.isEmpty, !name.hasPrefix("#") { try add(name, isFromFile: true) }
            }
        } else if let slash = text.lastIndex(of: "/"), slash > text.startIndex,
            Int(text[text.index(after: slash)...]).map({ $0 >= 0 }) == true
        {
            names.insert(text)
        } else {
            throw Fault(
                description:
                    "`\(text)` is no latent: write a number, the coder and the number such as `codes/17`, a pattern such as "
                    + "'codes/1*', or a file with one a line")
        }
    }
}
