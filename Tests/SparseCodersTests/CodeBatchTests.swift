import Elements
import Hashing
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct CodeBatchTests {
    private func context(_ length: Int) -> Context {
        Context(
            tokens: [UInt32](repeating: 1, count: length), document: Hash128(high: 0, low: 1), timestamp: 0, source: nil
        )
    }

    private func worker() throws -> EncodeWorker {
        EncodeWorker(coder: try CoderFolder(width: 6, latents: 30, k: 3).coder())
    }

    @Test func theFirstPositionOfEveryContextIsMaskedOrNot() throws {
        var numbers = NumberStream(seed: 1)
        let contexts = [3, 1, 0, 4].map(context)
        let batch = ActivationBatch(contexts: contexts, activations: ["layers.3": numbers.matrix(8, 6)])
        let open = try worker().encode(batch, hookpoint: "layers.3", maskFirst: false)
        let masked = try worker().encode(batch, hookpoint: "layers.3", maskFirst: true)
        #expect(open.contexts == contexts && masked.contexts == contexts)
        #expect(open.rowStarts.count == 9 && masked.rowStarts.count == 9)
        for row in 0..<8 {
            let (from, to) = (open.rowStarts[row], open.rowStarts[row + 1])
            let found = Array(masked.latents[masked.rowStarts[row]..<masked.rowStarts[row + 1]])
            #expect(to > from)
            #expect(found == ([0, 3, 4].contains(row) ? [] : Array(open.latents[from..<to])))
        }
    }

    @Test func aMissingHookpointIsNamed() throws {
        let batch = ActivationBatch(
            contexts: [],
            activations: ["layers.3": Matrix(rows: 0, columns: 6), "layers.1": Matrix(rows: 0, columns: 6)])
        let error = CoderError.missingHookpoint(hookpoint: "layers.2", available: ["layers.1", "layers.3"])
        #expect(error.description == "no activations of hookpoint layers.2; there are those of layers.1, layers.3")
        #expect(throws: CoderError.self) { try worker().encode(batch, hookpoint: "layers.2", maskFirst: true) }
    }

    @Test func rowsMustBeOnePerToken() throws {
        let batch = ActivationBatch(contexts: [context(4)], activations: ["layers.3": Matrix(rows: 5, columns: 6)])
        #expect(
            throws: CoderError.shape(
                what: "activations at layers.3", found: "5 rows", expected: "4 rows, one per token")
        ) { try worker().encode(batch, hookpoint: "layers.3", maskFirst: true) }
    }
}
