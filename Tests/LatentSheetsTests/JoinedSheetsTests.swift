import Elements
import Evidence
import StateFixtures
import Store
import Testing

@testable import LatentSheets

/// Sheets of the latents that several processes own.
@Suite struct JoinedSheetsTests {
    @Test(arguments: [2, 4]) func sheetsAndListsOfSharesAreThoseOfOneState(count: Int) throws {
        let state = try PartedState(count)
        let explanations = (0..<6).map {
            SheetFixture.explanation(UInt64($0 + 1), latent: $0, text: "label \($0)")
        }
        let scores = explanations.map {
            SheetFixture.score(UInt64($0.latent + 50), of: $0, 0.6 + Double($0.latent) / 20)
        }
        try state.record(explanations: explanations, scores: scores)
        let job = PlannedJob(
            id: Fixture.hash(99), node: "words", kind: .explain, coder: "codes", latent: 7, payload: [])
        try state.insert([job], failing: [job.id: "refused"])
        let update = SheetFixture.update((0..<8).map { SheetFixture.evidence($0, fired: UInt64(200 - 25 * $0)) })
        var coder = LetterCoder()
        coder.near = [LatentNeighbour(latent: 1, similarity: 0.5), LatentNeighbour(latent: 2, similarity: 0.25)]
        func reader(of path: String) throws -> SheetReader {
            SheetReader(
                store: try Store.joinedReader(directory: path), coders: [coder], evidence: { _ in update })
        }
        let (whole, joined) = (try reader(of: state.wholePath), try reader(of: state.path))
        for latent in 0..<8 {
            let key = LatentKey(coder: "codes", latent: latent)
            let sheet = try #require(try whole.sheet(of: key))
            #expect(try joined.sheet(of: key) == sheet)
            #expect(sheet.neighbours.compactMap(\.label) == ["label 1", "label 2"])
        }
        func index(of path: String) throws -> LatentIndex {
            try LatentIndex(
                store: try Store.joinedReader(directory: path), coders: [coder], evidence: { _ in update })
        }
        let (rows, list) = (Array(try index(of: state.path).rows), Array(try index(of: state.wholePath).rows))
        #expect(rows == list && list.count == 8 && list[7].state == .failed)
        #expect(try joined.filled(rows) == whole.filled(list))
    }
}
