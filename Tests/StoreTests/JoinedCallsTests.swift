import Elements
import GRDB
import Testing

@testable import Store

/// Calls of several processes' states, read as one, against those of one state that holds the same.
@Suite struct JoinedCallsTests {
    private let directory: TemporaryDirectory
    private let whole: Store
    private let shares: [Store]

    init() throws {
        directory = try TemporaryDirectory()
        whole = try directory.open()
        let path = directory.path + "/parted"
        shares = try (0..<3).map {
            try Store(directory: path + "/shards-\($0)-of-3", topology: Fixture.topology, now: { Fixture.time })
        }
        for number in UInt64(1)...30 {
            for store in [whole, shares[Int(number) % 3]] {
                try store.record(
                    explanations: [Fixture.explanation(number)],
                    scores: number % 2 == 0 ? [Fixture.score(number + 1200)] : [],
                    choices: [Fixture.choice(number + 500, latent: Int(number))])
            }
        }
    }

    private func joined() throws -> StoreReader { try Store.joinedReader(directory: directory.path + "/parted") }

    @Test func latentsComeInPagesAsOfOneState() throws {
        let read = try joined()
        let places = [nil, -1, 0, 7, 29, 30, 1204].map { $0.map { LatentKey(coder: "codes", latent: $0) } }
        for last in places + [LatentKey(coder: "a", latent: 5), LatentKey(coder: "z", latent: 5)] {
            for coder in [nil, "codes", "other"] {
                for limit in [0, 1, 4, 500] {
                    #expect(
                        try read.latents(coder: coder, after: last, limit: limit)
                            == whole.latents(coder: coder, after: last, limit: limit))
                    let outlines = try read.outlines(coder: coder, after: last, limit: limit)
                    let expected = try whole.outlines(coder: coder, after: last, limit: limit)
                    #expect(outlines.map(\.key) == expected.map(\.key))
                    #expect(outlines.map(\.explanations) == expected.map(\.explanations))
                    #expect(outlines.map(\.choices) == expected.map(\.choices))
                    #expect(outlines.map { $0.events.map(\.subject) } == expected.map { $0.events.map(\.subject) })
                    #expect(outlines.allSatisfy { $0.share == $0.key.latent % 3 })
                }
            }
        }
        #expect(try whole.outlines(limit: 500).count == 45)
    }

    @Test func eventsOfALatentAreFoundInItsShareByTheirNumbersThere() throws {
        let read = try joined()
        for outline in try read.outlines(limit: 500) {
            let key = outline.key
            let own = try read.events(coder: key.coder, latent: key.latent)
            let expected = try whole.events(coder: key.coder, latent: key.latent)
            #expect(own.map(\.json) == expected.map(\.json) && !own.isEmpty)
            let found = try read.events(at: own.map(\.cursor), ofShare: outline.share)
            #expect(outline.events.map { found[$0.cursor]?.json } == expected.map(\.json))
        }
        #expect(try read.events(at: [1], ofShare: 3).isEmpty)
        // By its number alone an event is none of any share.
        let refusal = StoreError.severalShares(path: directory.path + "/parted", share: "shards-0-of-3")
        #expect(storeError { () throws(StoreError) in try read.events(at: [1]) } == refusal)
    }

    @Test func aLatentThatTwoSharesHaveIsNotShownAsOneOfThem() throws {
        try shares[0].record(explanations: [Fixture.explanation(4, node: "lexical")])
        let read = try joined()
        let errors = [
            storeError { () throws(StoreError) in try read.latents(limit: 9) },
            storeError { () throws(StoreError) in try read.outlines(limit: 9) },
            storeError { () throws(StoreError) in try read.events(coder: "codes", latent: 4) },
        ]
        for error in errors {
            let text = error?.description
            let expected = "both shards-0-of-3 and shards-1-of-3 have results or jobs of latent codes/4"
            #expect(text?.contains(expected) == true, "\(text ?? "read")")
        }
    }

    @Test func figuresAddUp() throws {
        func message(_ number: Int) -> OutboxMessage {
            OutboxMessage(
                target: OutboxTarget(sink: "results", topic: "t"), key: [1], value: [2], dedupe: "\(number)")
        }
        for (number, share) in shares.enumerated() {
            let bytes = [UInt8](repeating: 1, count: 100 * (number + 1))
            try share.commit(
                CheckpointCommit(
                    epoch: 1, segments: [.init(node: "evidence", bytes: bytes)],
                    deadLetters: [Fixture.letter(Int64(number)), Fixture.letter(Int64(10 + number), code: "a")],
                    outbox: (0..<number).map(message)))
            _ = try share.insertJobs([Fixture.job(UInt64(900 + number)), Fixture.job(UInt64(910 + number), node: "b")])
            let time = Fixture.time - Int64(number)
            try share.write { try $0.execute(sql: "UPDATE job SET updated = ? WHERE node = 'b'", arguments: [time]) }
        }
        let read = try joined()
        #expect(try read.evidenceBytes() == ["evidence": 600] && read.unsentMessages() == ["results": 3])
        #expect(read.fileBytes == shares.reduce(0) { $0 + $1.fileBytes } && read.fileBytes > 0)
        let oldest = try read.oldestOpenJobs()
        #expect(oldest.map(\.node) == ["b", "prose"] && oldest.map(\.since) == [Fixture.time - 2, Fixture.time])
        let letters = try read.deadLetterCountsByNode()
        #expect(letters.map(\.node) == ["corpus", "corpus"] && letters.map(\.code) == ["a", "not-utf8"])
        #expect(letters.map(\.count) == [3, 3])
    }
}
