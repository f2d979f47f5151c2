import Dataflow
import Elements
import JSONText
import Observability
import StateFixtures
import StateNotes
import Store
import Testing

@testable import Serving

/// What is told of evidence that grows, of notes that a reservoir leaves at its checkpoints.
@Suite(.timeLimit(.minutes(5))) struct EvidenceFollowerTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let reader: StoreReader

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        reader = try Store.reader(directory: directory.state)
    }

    private func evidence(_ latent: Int, windows: UInt64, maximum: Float = 2) -> LatentEvidence {
        LatentEvidence(
            latent: latent,
            statistics: LatentStatistics(
                tokensFired: windows, windowsFired: windows, sum: 1, sumOfSquares: 1, maximum: maximum, histogram: []),
            train: [], top: [], test: [], recent: [])
    }

    /// A checkpoint is written, and the reservoir notes what it holds.
    @discardableResult
    private func checkpoint(
        _ epoch: UInt64, tokens: UInt64, changed: Int? = nil, _ latents: [LatentEvidence]
    ) throws -> FixedView {
        let view = FixedView(totals: StreamTotals(tokens: tokens, contexts: 1, windows: 1), latents)
        try store.commit(
            CheckpointCommit(epoch: epoch, segments: [], fences: [], deadLetters: [], deadLetterTargets: [:]))
        try EvidenceNote.notes.write(
            EvidenceNote(node: "evidence", view: view, epoch: epoch, changed: changed), of: "evidence", to: store)
        return view
    }

    private func values(_ events: [String]) throws -> [JSONValue] {
        try events.map { try JSONValue(json: Array($0.utf8), repeatedNames: .refused) }
    }

    private func next(_ follower: inout EvidenceFollower, _ view: FixedView? = nil) throws -> [JSONValue] {
        try values(follower.next(in: reader) { { key, _ in view?.statistics(of: key.latent) } })
    }

    @Test func eachCheckpointThatBringsMoreIsToldOnce() throws {
        var follower = EvidenceFollower()
        #expect(try next(&follower).isEmpty)
        try checkpoint(1, tokens: 100, [evidence(3, windows: 5)])
        let first = try #require(try next(&follower).first)
        #expect(first["type"]?.string == "evidence" && first["coder"]?.string == Fixture.coder.name)
        #expect(first["epoch"]?.integer == 1 && first["tokens"]?.integer == 100 && first["fired"]?.integer == 1)
        #expect(first["changed"] == nil && first["cursor"] == nil && first["latent"] == nil)
        let committed = try #require(try store.latestCheckpoint()).committed
        #expect(first["ts"]?.string == Timestamp.text(committed))
        #expect(try next(&follower).isEmpty)
        // A checkpoint at which nothing has fired is none that evidence grows by.
        try checkpoint(2, tokens: 200, changed: 0, [evidence(3, windows: 5)])
        #expect(try next(&follower).isEmpty)
        try checkpoint(3, tokens: 300, changed: 2, [evidence(3, windows: 6), evidence(4, windows: 1)])
        #expect(try next(&follower).map { $0["changed"]?.integer } == [2])
    }

    @Test func chosenLatentsAreToldWhenTheirCountsChange() throws {
        var follower = EvidenceFollower(latents: [4, 3, 1 << 40])
        let first = try checkpoint(1, tokens: 100, [evidence(3, windows: 5), evidence(4, windows: 7, maximum: 9.5)])
        let told = try next(&follower, first)
        #expect(told.map { $0["latent"]?.integer } == [nil, 3, 4])
        #expect(told.map { $0["windows"]?.integer } == [nil, 5, 7])
        let second = try checkpoint(2, tokens: 200, [evidence(3, windows: 5), evidence(4, windows: 8, maximum: 9.5)])
        #expect(try next(&follower, second).map { $0["latent"]?.integer } == [nil, 4])
    }

    @Test func evidenceOfOtherCodersOrUnknownCountsIsPassedOver() throws {
        let view = try checkpoint(1, tokens: 100, [evidence(3, windows: 5)])
        var other = EvidenceFollower(coder: "another", latents: [3])
        #expect(try next(&other, view).isEmpty)
        var unknown = EvidenceFollower(coder: Fixture.coder.name, latents: [3])
        #expect(try next(&unknown).count == 1)
    }

    @Test func countsThatCannotBeReadAreToldOnceTheyCan() throws {
        let view = try checkpoint(1, tokens: 100, [evidence(3, windows: 5)])
        var follower = EvidenceFollower(latents: [3])
        #expect(try next(&follower).map { $0["latent"]?.integer } == [nil])
        #expect(follower.isOwing)
        #expect(try next(&follower).isEmpty)
        #expect(try next(&follower, view).map { $0["windows"]?.integer } == [5])
        #expect(!follower.isOwing)
        #expect(try next(&follower, view).isEmpty)
    }

    @Test func aDaemonGivesNoCountsFromBeforeTheCheckpoint() throws {
        let view = FixedView([evidence(3, windows: 5)])
        let latest = LatestEvidence()
        latest.put(EvidenceUpdate(view: view, epoch: 2, isCaughtUp: false))
        let sheets = ServedSheets.named([Fixture.coder], in: reader, evidence: latest)
        let key = LatentKey(coder: Fixture.coder.name, latent: 3)
        for (epoch, windows) in [(1, 5), (2, 5), (3, nil)] as [(UInt64, UInt64?)] {
            #expect(sheets.statistics(of: key, from: epoch)?.windowsFired == windows)
        }
    }

    @Test func aFollowerGetsItWithoutAnIDAndItsResultsGoOn() async throws {
        try checkpoint(1, tokens: 100, [evidence(3, windows: 5)])
        try store.record(scores: [Fixture.score(1, 0.5)])
        let signal = ChangeSignal()
        let served = Served(
            reader: reader, stateName: "one", sheets: .named([Fixture.coder], in: reader), timers: [], lag: { [] })
        let session = EventStreamSession(
            served: served, filter: EventFilter(), pool: ComputePool(name: "http", threads: 1),
            changes: try #require(signal.listen()), evidence: EvidenceFollower())
        let written = Told()
        try await session.run(from: .cursor(0)) { text in
            written.add(text)
            if text == ": \n\n" { signal.close() }
        }
        let texts = written.lines
        #expect(texts.count == 3 && texts[0].hasPrefix("id: one:1\nevent: score\n"))
        #expect(texts[1].hasPrefix("event: evidence\ndata: {\"v\":1,") && texts[1].hasSuffix("}\n\n"))
        #expect(cursors(in: texts.joined()) == [1])
    }
}
