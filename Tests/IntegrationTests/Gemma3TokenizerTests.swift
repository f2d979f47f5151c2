import Elements
import Foundation
import Testing
import Tokenization

/// The tokenizer in Gemma 3's GGUF file against what the reference gives.
@Suite struct Gemma3TokenizerTests {
    private static let reference = GoldenModel(folder: "gemma3", file: "gemma-3-270m-q4_k_m.gguf")

    private let lines: [GoldenModel.Line]
    private let tokenizer: Tokenizer

    init() throws {
        lines = try Self.reference.lines()
        tokenizer = try Tokenizer.load(from: Self.reference.path)
    }

    @Test func everyLineOfTheGoldenHasTheSameIdsAndDecodesToTheSameText() {
        #expect(lines.count == 331)
        for line in lines {
            #expect(tokenizer.encodeWithSpecialTokens(line.text) == line.ids, "\(line.text.debugDescription)")
            #expect(tokenizer.decode(line.ids) == line.decoded)
            #expect(tokenizer.text(of: line.ids) == line.decoded)
        }
    }

    @Test func spansTileTheTextAndHaveTheSameTokens() {
        for line in lines {
            let spans = tokenizer.spans(of: line.text, readingSpecialTokens: true)
            #expect(spans.map(\.token) == line.ids)
            var end = 0
            for span in spans {
                #expect(span.range.lowerBound == end)
                end = span.range.upperBound
            }
            #expect(end == line.text.utf8.count)
        }
    }

    @Test func whatTheFileSaysIsGiven() throws {
        #expect(tokenizer.count == 262_144 && tokenizer.addsBOS == true)
        #expect(tokenizer.bosToken == 2 && tokenizer.endOfSequence == 1 && tokenizer.tokensBeforeText == [2])
        #expect(tokenizer.specialToken("<start_of_turn>") == 105)
        try tokenizer.check(vocabulary: 262_144)
        #expect(throws: TokenizerError.self) { try tokenizer.check(vocabulary: 262_143) }
    }
}
