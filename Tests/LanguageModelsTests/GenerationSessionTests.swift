import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing

@Suite struct GenerationSessionTests {
    let model: LanguageModel
    /// Longer than two pages of the cache.
    let tokens: [UInt32] = (0..<150).map { ($0 * 37 + 11) % 512 }

    init() throws { model = try LanguageModel(path: GoldenFiles.path("architectures/llama")) }

    private func logits(after tokens: [UInt32]) throws -> ArraySlice<Float> {
        let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        return try pass.logits(of: [tokens]).values.suffix(512)
    }

    @Test(arguments: [1, 2, 4, 5, 63, 64, 65, 150]) func piecesOfAnySizeGiveTheSameLogits(size: Int) throws {
        let session = try GenerationSession(model: model)
        for start in stride(from: 0, to: tokens.count, by: size) {
            let end = min(start + size, tokens.count)
            let found = try session.extend(Array(tokens[start..<end]))
            #expect(relativeError(found, try logits(after: Array(tokens[..<end]))) < 1e-5)
        }
        #expect(session.length == 150 && session.tokens == tokens)
    }

    @Test func longPromptsGoThroughInParts() throws {
        let long: [UInt32] = (0..<600).map { ($0 * 91 + 5) % 512 }
        let session = try GenerationSession(model: model)
        #expect(relativeError(try session.extend(long), try logits(after: long)) < 1e-5)
    }

    @Test func truncatingGoesBackToThePrefix() throws {
        let session = try GenerationSession(model: model)
        _ = try session.extend(Array(tokens[..<70]))
        let expected = try session.extend([9, 10, 11])
        for length in [70, 70] {
            session.truncate(to: length)
            #expect(session.length == length)
            #expect(try session.extend([9, 10, 11]) == expected)
        }
        session.truncate(to: 1000)
        #expect(session.length == 73)
        session.truncate(to: -5)
        #expect(session.length == 0)
        #expect(relativeError(try session.extend([7]), try logits(after: [7])) < 1e-5)
    }

    @Test func copiesGoOnByThemselves() throws {
        let prefix = Array(tokens[..<70])
        let session = try GenerationSession(model: model)
        _ = try session.extend(prefix)
        let first = session.copy()
        let second = session.copy()
        let left = try first.extend([1, 2, 3])
        let right = try second.extend([400, 401, 402])
        let own = try session.extend([30, 31])
        #expect(relativeError(left, try logits(after: prefix + [1, 2, 3])) < 1e-5)
        #expect(relativeError(right, try logits(after: prefix + [400, 401, 402])) < 1e-5)
        #expect(relativeError(own, try logits(after: prefix + [30, 31])) < 1e-5)
        first.truncate(to: 60)
        #expect(relativeError(try first.extend([5]), try logits(after: prefix[..<60] + [5])) < 1e-5)
        #expect(session.tokens == prefix + [30, 31] && second.length == 73)
    }

    @Test func answersHaveTheProbabilityOfTheirTokens() throws {
        let prefix = Array(tokens[..<20])
        let answers: [[UInt32]] = [[5], [], [5, 6], [100, 200, 300, 400, 1, 2]]
        let session = try GenerationSession(model: model)
        _ = try session.extend(prefix)
        let found = try session.logProbabilities(of: answers)
        let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        for (answer, value) in zip(answers, found) {
            let each = try pass.nextTokenLogProbabilities(of: [prefix + answer])[0].suffix(answer.count)
            #expect(abs(value - each.reduce(0) { $0 + Double($1) }) < 1e-4)
        }
        #expect(session.tokens == prefix)
        // After going back, the logits of the last token are computed anew.
        _ = try session.extend([1, 2])
        session.truncate(to: 20)
        let again = try session.logProbabilities(of: answers)
        #expect(zip(again, found).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(session.tokens == prefix)
    }

    @Test func generationEndsWhereItShould() throws {
        let session = try GenerationSession(model: model)
        let free = try session.generate(prompt: [1, 2, 3], maximumTokens: 6)
        #expect(free.count == 6)
        session.truncate(to: 3)
        #expect(try session.generate(prompt: [], maximumTokens: 6) == free)
        let stop = try #require(free.last)
        let ended = try GenerationSession(model: model).generate(prompt: [1, 2, 3], maximumTokens: 6, stop: [stop])
        #expect(ended == Array(free.prefix { $0 != stop }))
        #expect(try GenerationSession(model: model).generate(prompt: [1], maximumTokens: 0).isEmpty)
    }

    @Test func aFullContextEndsGeneration() throws {
        let folder = try ModelFolder()
        try folder.changeSettings { $0["max_position_embeddings"] = 5 }
        let session = try GenerationSession(model: LanguageModel(path: folder.path))
        #expect(try session.generate(prompt: [1, 2, 3], maximumTokens: 10).count == 3)
        #expect(session.length == 5)
        #expect(throws: ModelError.contextTooLong(tokens: 6, maximum: 5)) { try session.extend([1]) }
        #expect(session.length == 5)
    }

    @Test func wrongRequestsAreNamed() throws {
        let session = try GenerationSession(model: model)
        #expect(throws: ModelError.noTokens) { try session.extend([]) }
        #expect(throws: ModelError.noTokens) { try session.generate(prompt: [], maximumTokens: 3) }
        #expect(throws: ModelError.noTokens) { try session.logProbabilities(of: [[1]]) }
        #expect(throws: ModelError.tokenOutOfRange(token: 600, context: 0, position: 1, vocabulary: 512)) {
            try session.extend([1, 600])
        }
        #expect(session.length == 0)
        _ = try session.extend([1])
        #expect(throws: ModelError.tokenOutOfRange(token: 512, context: 1, position: 0, vocabulary: 512)) {
            try session.logProbabilities(of: [[1], [512]])
        }
        #expect(session.length == 1)
    }
}
