import Elements

/// The sentence that says what a predicate asks for.
enum LexicalSentence {
    static func sentence(for predicate: LexicalPredicate, tokenDecoder: any TokenDecoder) -> String {
        // Long tokens are cut shorter until the sentence fits.
        for longest in [32, 24, 16, 10, 6] {
            let sentence = sentence(for: predicate, tokenDecoder: tokenDecoder, longest: longest)
            if sentence.unicodeScalars.count <= ExplanationText.maximumLength { return ExplanationText.clean(sentence) }
        }
        return ExplanationText.clean(sentence(for: predicate, tokenDecoder: tokenDecoder, longest: 4))
    }

    private static func sentence(for predicate: LexicalPredicate, tokenDecoder: any TokenDecoder, longest: Int)
        -> String
    {
        let sentences = predicate.clauses.enumerated().map { index, clause in
            let list = list(of: clause.terms.map { part(for: $0, tokenDecoder: tokenDecoder, longest: longest) })
            if index == 0 { return clause.isNegated ? "Contains none of \(list)" : "Contains \(list)" }
            return clause.isNegated ? "but not \(list)" : "and also \(list)"
        }
        return sentences.isEmpty ? "Contains anything." : sentences.joined(separator: ", ") + "."
    }

    private static func list(of parts: [String]) -> String {
        guard let last = parts.last else { return "nothing in particular" }
        let others = parts.dropLast()
        return others.isEmpty ? last : others.joined(separator: ", ") + " or " + last
    }

    private static func part(for term: LexicalTerm, tokenDecoder: any TokenDecoder, longest: Int) -> String {
        switch term {
        case .token(let id): VisibleToken.quoted(id, tokenDecoder: tokenDecoder, longest: longest)
        case .word(let word): "the word \(VisibleToken.quoted(word, longest: longest))"
        case .casedWord(let word): "the word \(VisibleToken.quoted(word, longest: longest)) written so"
        case .ending(let ending): "a word in \(VisibleToken.quoted("-" + ending, longest: longest))"
        case .beginning(let beginning): "a word in \(VisibleToken.quoted(beginning + "-", longest: longest))"
        case .shape(let pattern): "a token like \(VisibleToken.quoted(pattern, longest: longest))"
        case .character(let character): "a token with \(VisibleToken.quoted(character, longest: longest)) in it"
        case .tokenClass(.number): "a number"
        case .tokenClass(.capitalised): "a capitalised word"
        case .tokenClass(.allCapitals): "a word in capitals"
        case .tokenClass(.continuation): "the end of a split word"
        case .tokenClass(.punctuation): "punctuation"
        case .tokenClass(.lineEnd): "a line end"
        case .tokenClass(.space): "extra space"
        case .after(let before, let token):
            "\(token.map { part(for: $0, tokenDecoder: tokenDecoder, longest: longest) } ?? "anything") after "
                + part(for: before, tokenDecoder: tokenDecoder, longest: longest)
        }
    }
}
