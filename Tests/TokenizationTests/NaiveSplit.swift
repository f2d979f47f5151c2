@testable import Tokenization

/// The split rules as the reference writes them: regular expressions over Unicode scalars.
enum NaiveSplit {
    static func words(of text: String, _ rule: SplitRule) -> [String] {
        switch rule {
        case .gpt2: matches(gpt2, text)
        case .isolatedDigits: pieces(text).flatMap { matches(gpt2, $0) }
        case .llama3: matches(llama3, text)
        case .qwen2: matches(qwen2, text)
        case .gpt4o: matches(gpt4o, text)
        }
    }

    private static var gpt2: Regex<Substring> {
        /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/
    }

    private static var llama3: Regex<Substring> {
        /(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/
    }

    private static var qwen2: Regex<Substring> {
        /(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/
    }

    private static var gpt4o: Regex<Substring> {
        /[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n\/]*|\s*[\r\n]+|\s+(?!\S)|\s+/
    }

    private static func matches(_ expression: Regex<Substring>, _ text: String) -> [String] {
        text.matches(of: expression.matchingSemantics(.unicodeScalar)).map { String($0.output) }
    }

    /// Every number by itself, and what lies between.
    private static func pieces(_ text: String) -> [String] {
        var pieces = [String]()
        var isOpen = false
        for scalar in text.unicodeScalars {
            let isNumber = scalar.properties.numericType != nil && "\(scalar)".contains(/\p{N}/)
            if isNumber || !isOpen { pieces.append("") }
            pieces[pieces.count - 1].unicodeScalars.append(scalar)
            isOpen = !isNumber
        }
        return pieces
    }
}
