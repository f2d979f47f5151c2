import LinearAlgebra
import TestSupport
import Testing

@testable import LanguageModels

@Suite struct TextProbabilityTests {
    @Test(arguments: ArchitectureGoldenTests.architectures)
    func aTextHasTheProbabilitiesOfAForwardPass(architecture: String) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        let prefix: [UInt32] = (0..<70).map { ($0 * 31 + 7) % 512 }
        let session = try GenerationSession(model: model)
        _ = try session.extend(prefix)
        let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        for count in [1, 2, 8, 9, 40] {
            let text: [UInt32] = (0..<count).map { UInt32(($0 * 71 + count) % 512) }
            let found = try session.logProbabilities(ofText: text)
            let expected = try pass.nextTokenLogProbabilities(of: [prefix + text])[0].suffix(count)
            #expect(found.count == count && zip(found, expected).allSatisfy { abs($0 - Double($1)) < 2e-5 })
            #expect(session.tokens == prefix)
            // A text's probability is that of an answer.
            #expect(try session.logProbabilities(of: [text])[0] == found.reduce(0, +))
        }
        #expect(try session.logProbabilities(ofText: []).isEmpty)
    }

    @Test func aTextNeedsSomethingBeforeItAndRoom() throws {
        let folder = try ModelFolder()
        try folder.changeSettings { $0["max_position_embeddings"] = 5 }
        let session = try GenerationSession(model: LanguageModel(path: folder.path))
        #expect(throws: ModelError.noTokens) { try session.logProbabilities(ofText: [1]) }
        _ = try session.extend([1, 2, 3])
        #expect(try session.logProbabilities(ofText: [4, 5]).count == 2)
        #expect(throws: ModelError.contextTooLong(tokens: 6, maximum: 5)) {
            try session.logProbabilities(ofText: [4, 5, 6])
        }
        #expect(session.length == 3)
    }

    @Test func cachesHaveAStatedSize() throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/llama"))
        // Three blocks, two heads of eight values, keys and values, four bytes, pages of 64 tokens.
        let page = 3 * 2 * 8 * 2 * 4 * 64
        #expect(model.keyValueBytes(tokens: 0) == 0 && model.keyValueBytes(tokens: 64) == page)
        #expect(model.keyValueBytes(tokens: 65) == 2 * page && model.keyValueBytes(tokens: .max) == .max)
        let session = try GenerationSession(model: model)
        #expect(session.byteCount == 0)
        _ = try session.extend((0..<100).map { UInt32($0) })
        #expect(session.byteCount == 2 * page)
        session.truncate(to: 64)
        #expect(session.byteCount == page)
    }
}
