import ArgumentParser
import Foundation

/// A number of tokens as a command line gives it: `1478874`, `250k`, `10M`, `1.5G` or `2T`.
enum TokenAmount {
    private static let factors: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12]

    /// The number; throws if the text is none.
    static func parse(_ text: String) throws -> Double {
        let factor = text.last.flatMap { factors[$0] }
        let digits = factor == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits), number > 0
        else { throw ValidationError("a number of tokens is such as 1478874, 250k, 10M or 1.5G, not \(text)") }
        return number * (factor ?? 1)
    }
}
