import Elements
import Foundation
import LanguageModels
import LinearAlgebra
import Synchronization
import TestSupport
import Testing

@Suite struct ForwardPassTests {
    let model: LanguageModel
    let hookpoints = [Hookpoint(block: 2, site: .residual), Hookpoint(block: 1, site: .feedForward)]

    init() throws { model = try LanguageModel(path: GoldenFiles.path("architectures/llama")) }

    static func context(_ count: Int, seed: UInt32) -> [UInt32] {
        (0..<UInt32(count)).map { ($0 * 37 + seed * 101) % 512 }
    }

    @Test func aContextGivesTheSameBitsInEveryBatch() throws {
        let mode = model.batchMode()
        let pass = try ForwardPass(model: model, hookpoints: hookpoints, mode: mode)
        let lengths = [48, 1, 0, 5, 130, 64, 63, 200, 17]
        let batch = lengths.enumerated().map { Self.context($0.element, seed: UInt32($0.offset)) }
        let together = try pass.activations(of: batch)
        var start = 0
        for context in batch {
            let alone = try pass.activations(of: [context])
            for hookpoint in hookpoints {
                let single = try #require(alone[hookpoint.description]).values.map(\.bitPattern)
                let all = try #require(together[hookpoint.description]).values
                #expect(all[(start * 64)..<((start + context.count) * 64)].map(\.bitPattern) == single)
            }
            start += context.count
        }
    }

    @Test(arguments: 0..<3) func aPassThatIsNoLongerNeededIsLeftBeforeAnyBlock(blocks: Int) throws {
        let pass = try ForwardPass(model: model, hookpoints: hookpoints, mode: .ragged)
        let context = Self.context(40, seed: 3)
        let whole = try pass.activations(of: [context])
        var asked = 0
        let left = try pass.activations(of: [context]) { block in
            asked += 1
            if asked > blocks { return false }
            block(1)
            return true
        }
        #expect(left == nil && asked == blocks + 1)
        // What is left changes nothing of what comes after it.
        #expect(try pass.activations(of: [context]) == whole)
    }

    @Test func whatElseIsAskedForChangesNoBit() throws {
        let sites = (0..<3).flatMap { block in
            [Hookpoint.Site.attention, .feedForward, .residual].map { Hookpoint(block: block, site: $0) }
        }
        let context = Self.context(40, seed: 3)
        let all = try ForwardPass(model: model, hookpoints: sites, mode: .perContext).activations(of: [context])
        #expect(all.count == 9)
        for hookpoint in sites {
            let alone = try ForwardPass(model: model, hookpoints: [hookpoint], mode: .perContext)
            #expect(try alone.activations(of: [context]) == [hookpoint.description: all[hookpoint.description]])
        }
    }

    @Test func workersShareAModelAndGiveTheSame() throws {
        let contexts = (0..<6).map { Self.context(50, seed: $0) }
        let expected = try ForwardPass(model: model, hookpoints: hookpoints, mode: .perContext)
            .activations(of: contexts)
        let fresh = try LanguageModel(path: GoldenFiles.path("architectures/llama"))
        let found = Mutex<[[String: Matrix]?]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let pass = try? ForwardPass(model: fresh, hookpoints: hookpoints, mode: .perContext)
            let result = try? pass?.activations(of: contexts)
            found.withLock { $0.append(result) }
        }
        #expect(found.withLock { $0 } == [expected, expected, expected, expected])
    }

    @Test func noContextsGiveNoRows() throws {
        for mode in [BatchMode.ragged, .perContext] {
            let pass = try ForwardPass(model: model, hookpoints: hookpoints, mode: mode)
            #expect(try pass.activations(of: [])["layers.2"] == Matrix(rows: 0, columns: 64))
            #expect(try pass.activations(of: [[], []])["layers.2"] == Matrix(rows: 0, columns: 64))
            #expect(try pass.logits(of: [[], [1]]).rows == 1)
            #expect(try pass.nextTokenLogProbabilities(of: [[], [1]]) == [[], []])
        }
    }

    @Test func wrongRequestsAreNamed() throws {
        let pass = try ForwardPass(model: model, hookpoints: hookpoints, mode: .perContext)
        #expect(throws: ModelError.tokenOutOfRange(token: 512, context: 1, position: 2, vocabulary: 512)) {
            try pass.activations(of: [[1], [2, 3, 512]])
        }
        #expect(throws: ModelError.contextTooLong(tokens: 131_073, maximum: 131_072)) {
            try pass.logits(of: [[UInt32](repeating: 0, count: 131_073)])
        }
        #expect(throws: ModelError.unknownHookpoint(name: "layers.3", blocks: 3)) {
            try ForwardPass(model: model, hookpoints: [Hookpoint(block: 3, site: .residual)], mode: .ragged)
        }
        #expect(throws: ModelError.unknownHookpoint(name: "layers.x", blocks: 3)) {
            try model.hookpoint(named: "layers.x")
        }
        #expect(try model.width(at: hookpoints[0]) == 64)
    }
}
