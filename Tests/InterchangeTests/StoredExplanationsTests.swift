import Elements
import Foundation
import Hashing
import StateFixtures
import Store
import Testing

@testable import Interchange

/// Whose explanations are exported, and what is said if that is not clear.
@Suite struct StoredExplanationsTests {
    private let state: ExportState
    private static let deep = CoderIdentity(
        name: "deep", hookpoint: "layers.20", latents: 9, digest: Fixture.hash(4))

    init() throws { state = try ExportState() }

    private func fault(coder: String?) -> String? {
        do {
            _ = try StoredExplanations(directory: state.directory.state, coder: coder)
            return nil
        } catch {
            #expect((error as? InterchangeError)?.kind == .configuration)
            return "\(error)".replacingOccurrences(of: state.directory.state, with: "HERE")
        }
    }

    @Test(arguments: [nil, "codes"]) func aStateWithoutExplanationsIsRefused(coder: String?) {
        #expect(fault(coder: coder) == "HERE holds no explanations yet")
    }

    @Test func theCoderMustBeNamedIfThereAreSeveral() throws {
        try state.store.record(explanations: [ExportState.explanation(1, latent: 7, "dates")])
        #expect(fault(coder: nil) == nil)
        try state.store.record(explanations: [ExportState.explanation(2, latent: 3, "deep", coder: Self.deep)])
        #expect(
            fault(coder: nil) == "HERE has explanations of several coders, codes, deep: name one with --coder")
        #expect(fault(coder: "shallow") == "HERE has no explanations of a coder shallow, only of codes, deep")
        #expect(fault(coder: "deep") == nil)
        let stored = try StoredExplanations(directory: state.directory.state, coder: "deep")
        #expect(stored.coder == "deep" && stored.all.map(\.text) == ["deep"])
    }

    @Test func sharesOfSeveralProcessesAreExportedAsOneState() throws {
        let parted = try PartedState(2)
        let explanations = (0..<5).map { ExportState.explanation(UInt64($0 + 1), latent: $0, "text \($0)") }
        let scores = explanations.map { ExportState.score($0.job.low + 90, of: $0) }
        try parted.record(explanations: explanations, scores: scores)
        let (whole, joined) = (
            try StoredExplanations(directory: parted.wholePath, coder: nil),
            try StoredExplanations(directory: parted.path, coder: nil)
        )
        #expect(joined.all == whole.all && joined.scores == whole.scores && whole.all.count == 5)
    }

    @Test func aFolderWithoutAStateIsNamed() {
        let path = state.directory.path + "/none"
        #expect(throws: StoreError.missing(path: path)) { _ = try StoredExplanations(directory: path, coder: nil) }
    }

    @Test func theNewestOfALatentIsThatOfTheLatestEpochByEachNode() throws {
        let all = [
            ExportState.explanation(1, latent: 7, "first", epoch: 3),
            ExportState.explanation(2, latent: 7, "second", epoch: 2),
            ExportState.explanation(3, latent: 7, "other", node: "lexical"),
            ExportState.explanation(4, latent: 8, "names"),
        ]
        try state.store.record(explanations: all)
        let newest = try StoredExplanations(directory: state.directory.state, coder: nil).newest
        #expect(
            newest.mapValues { $0.mapValues(\.text) } == [
                "prose": [7: "first", 8: "names"], "lexical": [7: "other"],
            ])
    }

    @Test func whatStandsLeavesOutWhatWasReplaced() throws {
        let old = ExportState.explanation(1, latent: 7, "old")
        var new = ExportState.explanation(2, latent: 7, "new", epoch: 2)
        new.provenance.again = ExplainedAgain(standing: old.job, reason: .moved)
        try state.store.record(explanations: [old, new])
        let reader = try Store.reader(directory: state.directory.state)
        #expect(try reader.standingExplanations().map(\.text) == ["old"])
        try state.store.record(choices: [
            Choice(
                challenger: new.job, standing: old.job, node: "prose", coder: Fixture.coder, latent: 7, reason: .moved,
                outcome: .replaced, scores: [], epoch: 2)
        ])
        #expect(try reader.standingExplanations().map(\.text) == ["new"])
    }
}
