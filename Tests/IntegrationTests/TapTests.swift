import Foundation
import Testing

/// What `gloss tap` shows of each kind of edge.
@Suite(.timeLimit(.minutes(5))) struct TapTests {
    private struct Line: Decodable {
        struct Token: Decodable {
            let id: Int
            let text: String?
            let latents: [[Double]]?
            let norms: [String: Double]?
        }
        let id: String?
        let text: String?
        let offset: Int?
        let length: Int?
        let tokens: [Token]?
    }

    private func tap(_ node: String, _ options: [String] = [], documents: Int = 20) throws -> [Line] {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: documents, sentences: 3)
        let topology = try subject.topology("tapped", source: "{ type: file, path: \"\(corpus)\" }")
        let outcome = try GlossProgram().run(["tap", topology, node] + options)
        try #require(outcome.status == 0, "\(outcome.errors)")
        // A look changes nothing.
        #expect(!FileManager.default.fileExists(atPath: subject.state("tapped")))
        return try outcome.lines(as: Line.self)
    }

    @Test func documentsAreShownWithTheirPlaces() throws {
        let lines = try tap("corpus", ["--limit", "3", "--every", "2"])
        #expect(lines.map(\.id) == ["d0", "d2", "d4"])
        #expect(lines.first?.offset == 0 && lines.first?.text?.hasPrefix("The ") == true)
    }

    @Test func contextsAreShownWithTheirTokens() throws {
        let lines = try tap("tokens", ["--limit", "2", "--tokens", "5"])
        #expect(lines.count == 2 && lines.allSatisfy { $0.tokens?.count == 5 && ($0.length ?? 0) > 5 })
        #expect(lines.first?.tokens?.last?.text?.isEmpty == false)
    }

    @Test func activationsAreShownByTheirLengths() throws {
        let tokens = try tap("residual", ["--limit", "1"]).first?.tokens ?? []
        #expect(!tokens.isEmpty && tokens.allSatisfy { ($0.norms?["layers.1"] ?? 0) > 0 })
    }

    @Test func codesAreShownWithTheStrongestLatentFirst() throws {
        let tokens = try tap("codes", ["--limit", "1"]).first?.tokens ?? []
        #expect(tokens.first?.latents?.isEmpty == true && tokens.count > 10)
        for token in tokens.dropFirst() {
            let activations = (token.latents ?? []).map { $0[1] }
            #expect(activations == activations.sorted(by: >) && activations.count <= 16)
        }
        #expect(tokens.contains { ($0.latents?.count ?? 0) > 1 })
    }

    @Test func whatIsDrainedEndsBeforeTheLimit() throws {
        #expect(try tap("corpus", ["--limit", "100"], documents: 3).count == 3)
    }

    @Test func otherNodesAreRefused() throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 1)
        let topology = try subject.topology("tapped", source: "{ type: file, path: \"\(corpus)\" }")
        for node in ["evidence", "lexical", "nobody"] {
            let outcome = try GlossProgram().run(["tap", topology, node])
            #expect(outcome.status == 78 && outcome.errors.contains(node))
        }
    }
}
