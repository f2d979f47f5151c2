import Hashing
import Synchronization
import Testing

@testable import Store

/// Batches of questions over restarts.
@Suite struct StoredBatchTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func batch(
        _ file: String, batch: String? = nil, place: String = "m at h", questions: [Hash128] = [],
        made: Int64 = 1_795_435_000
    ) -> StoredBatch {
        StoredBatch(place: place, file: file, batch: batch, questions: questions, made: made)
    }

    private static let hashes = (0..<40 as Range<UInt64>).map { Hash128(high: .max - $0, low: $0 << 60 | $0) }

    @Test func aBatchComesBackAfterARestartAsItWasKeptLast() throws {
        do {
            let store = try directory.open()
            try store.keep(Self.batch("f2", questions: Self.hashes, made: 1_795_435_001))
            try store.keep(Self.batch("f1"))
            try store.keep(Self.batch("f1", batch: "b1", questions: [Self.hashes[3]]))
            try store.keep(Self.batch("f1", place: "other"))
            try store.close()
        }
        let store = try directory.open()
        #expect(
            try store.batches(of: "m at h") == [
                Self.batch("f1", batch: "b1", questions: [Self.hashes[3]]),
                Self.batch("f2", questions: Self.hashes, made: 1_795_435_001),
            ])
        #expect(try store.batches(of: "other").map(\.place) == ["other"] && store.batches(of: "none").isEmpty)
    }

    @Test func anAnswerIsTakenOnceForMoneyAndStaysForWhoAsksAgain() throws {
        let store = try directory.open()
        try store.keep(Self.batch("f", questions: Self.hashes))
        try store.keep(answers: [Self.hashes[0]: [1, 2], Self.hashes[1]: []], of: Self.batch("f"))
        #expect(try store.batches(of: "m at h").isEmpty)
        let first = try #require(try store.takeAnswer(to: Self.hashes[0]))
        #expect(first.body == [1, 2] && !first.wasTaken)
        try store.close()
        let later = try directory.open()
        let second = try #require(try later.takeAnswer(to: Self.hashes[0]))
        #expect(second.body == [1, 2] && second.wasTaken)
        #expect(try later.takeAnswer(to: Self.hashes[1])?.body == [])
        #expect(try later.takeAnswer(to: Self.hashes[2]) == nil)
        try later.forgetAnswer(to: Self.hashes[0])
        #expect(try later.takeAnswer(to: Self.hashes[0]) == nil)
    }

    @Test func whatIsOlderThanAMonthIsForgotten() throws {
        let time = Mutex<Int64>(1_000_000_000_000)
        let store = try Store(
            directory: directory.state, topology: Fixture.topology, now: { time.withLock { $0 } })
        try store.keep(Self.batch("f", made: 1_000_000_000))
        try store.keep(Self.batch("g", made: 1_000_000_000))
        try store.keep(answers: [Self.hashes[0]: [1]], of: Self.batch("g"))
        time.withLock { $0 += 30 * 86_400_000 }
        #expect(try store.batches(of: "m at h").count == 1)
        time.withLock { $0 += 2 * 86_400_000 }
        #expect(try store.batches(of: "m at h").isEmpty && store.takeAnswer(to: Self.hashes[0]) == nil)
    }
}
