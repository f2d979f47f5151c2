import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import StateNotes

/// What the notes of several processes say together.
@Suite struct JoinedNotesTests {
    /// Twenty-four latents that fire seldom, often or never, by position and source.
    private static let view = BrokenDownView(
        positions: [4000, 6000, 90_000],
        sources: [
            SourceTotals(name: "books", tokens: 60_000, contexts: 75),
            SourceTotals(name: "web", tokens: 40_000, contexts: 25),
        ],
        firing: (0..<24).map { latent in
            let (first, later) = (UInt64(latent % 5 * latent), UInt64(latent % 3 * latent * 40))
            return (positions: [first, 0, later], sources: [later, first])
        })

    private static func note(_ view: BrokenDownView, epoch: UInt64 = 5, inForce: Int = 64) -> EvidenceNote {
        EvidenceNote(
            node: "evidence", view: view, epoch: epoch, sample: SampleSizes(inForce: inForce, asked: 64))
    }

    private static func notes(_ count: Int) -> [EvidenceNote] {
        (0..<count).map { share in note(view.share { $0 % count == share }, epoch: 5 + UInt64(share)) }
    }

    @Test(arguments: [1, 2, 4, 24]) func sharesCountWhatOneProcessCounts(count: Int) throws {
        let (whole, joined) = (Self.note(Self.view), try #require(EvidenceNote(joining: Self.notes(count))))
        #expect(joined.node == whole.node && joined.coder == whole.coder && joined.latents == 24)
        #expect(joined.totals == whole.totals && joined.fired == whole.fired && whole.fired > 10)
        #expect(joined.activity == whole.activity && joined.breakdown == whole.breakdown)
        #expect(joined.breakdown?.differing.count == whole.breakdown?.differing.count)
        #expect(joined.epoch == 5 && joined.sample == whole.sample)
        #expect(joined.digest == nil && joined.countsDigest == nil && joined.changed == nil)
    }

    @Test func sharesThatHaveNotBeenToldTheSameHaveNoBreakdown() throws {
        var ahead = Self.view.share { $0 % 2 == 1 }
        ahead.totals.tokens += 1000
        let notes = [Self.note(ahead), Self.note(Self.view.share { $0 % 2 == 0 }, inForce: 16)]
        let joined = try #require(EvidenceNote(joining: notes))
        #expect(joined.totals == Self.view.totals && joined.breakdown == nil)
        #expect(joined.activity == Self.note(Self.view).activity && joined.sample?.inForce == 16)
        #expect(EvidenceNote.uneven(among: notes) == ["evidence"])
        #expect(EvidenceNote.uneven(among: Self.notes(4)).isEmpty)
    }

    @Test func notesOfOtherCodersAreNotJoined() {
        var other = Self.view
        other.coder = CoderIdentity(name: "other", hookpoint: "layers.1", latents: 24, digest: Fixture.hash(3))
        #expect(EvidenceNote(joining: [Self.note(Self.view), Self.note(other)]) == nil)
        #expect(EvidenceNote(joining: []) == nil)
    }

    @Test func aShareThatHasNotNotedAReservoirIsNamed() throws {
        let state = try PartedState(2)
        try EvidenceNote.notes.write(Self.note(Self.view), of: "evidence", to: state.shares[0])
        let reader = try Store.joinedReader(directory: state.path)
        #expect(
            throws: StoreError.unjoinable(
                path: state.path,
                reason: "shards-1-of-2 holds nothing of evidence yet; wait for a checkpoint of its process")
        ) { try EvidenceNote.all(in: reader) }
        try EvidenceNote.notes.write(Self.note(Self.view), of: "evidence", to: state.shares[1])
        #expect(try EvidenceNote.all(in: reader).map(\.node) == ["evidence"])
    }

    @Test func sharesHaveANameOfTheirOwnTogether() throws {
        let state = try PartedState(2)
        func name() throws -> String? { try StateName.name(of: try Store.joinedReader(directory: state.path)) }
        let unnamed = try #require(try name())
        for share in state.shares { _ = try StateName.name(in: share) }
        let named = try #require(try name())
        #expect(try named != unnamed && named == name())
        #expect(try StateName.name(of: try Store.joinedReader(directory: state.wholePath)) == nil)
        let whole = try StateName.name(in: state.whole)
        #expect(try StateName.name(of: try Store.joinedReader(directory: state.wholePath)) == whole)
    }

    @Test func aServerIsAwaySinceTheFirstProcessMissedIt() throws {
        let state = try PartedState(3)
        let notes = [["judge": Int64(40), "prose": 70], [:], ["judge": 30]]
        for (share, note) in zip(state.shares, notes) { try AwayServers.note.write(note, to: share) }
        #expect(
            try AwayServers.all(in: try Store.joinedReader(directory: state.path)) == ["judge": 30, "prose": 70])
        #expect(try AwayServers.all(in: try Store.joinedReader(directory: state.wholePath)).isEmpty)
    }

    @Test func whatWasLeftOutAndSpentAddsUp() throws {
        let state = try PartedState(3)
        for (number, share) in state.shares.enumerated() {
            let skipped = SkippedLatents(
                node: "judged", coder: number == 0 ? nil : "codes", taken: 10, dead: number, tooFew: 2,
                tooFewHeldOut: 1,
                tooDense: 0)
            try SkippedLatents.notes.write(skipped, of: "judged", to: share)
            var spend = ModelSpend(
                calls: 2, tokensIn: 30, tokensOut: 4, tokensCached: 5, cost: number == 1 ? nil : 0.25)
            if number == 2 { spend.tokensBatched = 7 }
            try ModelSpend.note.write(["m": spend, "n\(number)": ModelSpend(calls: 1)], to: share)
        }
        let reader = try Store.joinedReader(directory: state.path)
        #expect(
            try SkippedLatents.all(in: reader) == [
                SkippedLatents(
                    node: "judged", coder: "codes", taken: 30, dead: 3, tooFew: 6, tooFewHeldOut: 3, tooDense: 0)
            ])
        var spend = ModelSpend(calls: 6, tokensIn: 90, tokensOut: 12, tokensCached: 15, cost: 0.5)
        spend.tokensBatched = 7
        let one = ModelSpend(calls: 1)
        #expect(try ModelSpend.all(in: reader) == ["m": spend, "n0": one, "n1": one, "n2": one])
    }

    @Test func nodesThatWereSetOtherwiseAreNamed() throws {
        let state = try PartedState(2)
        func settings(_ examples: String, place: Int) -> NodeSettings {
            NodeSettings(place: place, type: "score", fields: ["examples": examples])
        }
        try NodeSettings.note.write(["judged": settings("40", place: 3)], to: state.shares[0])
        try NodeSettings.note.write(
            ["judged": settings("40", place: 4), "later": settings("1", place: 5)], to: state.shares[1])
        let reader = try Store.joinedReader(directory: state.path)
        #expect(try NodeSettings.all(in: reader).mapValues(\.place) == ["judged": 3, "later": 5])
        try NodeSettings.note.write(["judged": settings("80", place: 3)], to: state.shares[1])
        let error = #expect(throws: StoreError.self) { try NodeSettings.all(in: reader) }
        #expect(
            error?.description.contains("examples of judged is not the same in shards-1-of-2 and shards-0-of-2") == true
        )
    }
}
