import Elements
import Shuffle
import TestSupport
import Testing

/// What may be committed, against a list of what has been acknowledged.
@Suite struct BlockLedgerTests {
    private static let partition = SharedCorpus.partition(0)

    @Test func aBlockIsCommittedOnlyOnceAllOfItIsAcknowledged() {
        for start in [0, 3, 4, 7] {
            for steps in Self.steps(from: start, to: 13) {
                var ledger = BlockLedger(size: 4)
                ledger.begin(Self.partition, at: Int64(start), isFirst: true)
                #expect(ledger.committable([SharedCorpus.fence(0, start)]).isEmpty)
                var told: Int?
                for next in steps {
                    let marks = ledger.marks(at: [SharedCorpus.fence(0, next)])
                    // What was told is not told again.
                    #expect(marks.map(\.next) == (next == told ? [] : [Int64(next)]))
                    #expect(marks.allSatisfy { $0.from <= $0.next && $0.isFirst == (told == nil) })
                    ledger.acknowledge([SharedCorpus.fence(0, next)])
                    told = next
                    let committed = ledger.committable([SharedCorpus.fence(0, next)]).first?.next
                    // The start of the block of `next`, but not before where reading began.
                    #expect(committed == Int64(max(start, next / 4 * 4)))
                    for first in stride(from: 0, through: 12, by: 4) {
                        let block = CorpusBlock(partition: Self.partition, first: Int64(first))
                        #expect(ledger.isOver(block) == (first + 4 <= next))
                    }
                }
            }
        }
    }

    /// All ascending ways from a start to an end in at most three steps.
    private static func steps(from start: Int, to end: Int) -> [[Int]] {
        (start...end).flatMap { first in (first...end).map { [first, $0, end] } }
    }

    @Test func nothingOfAPartitionThatIsReadElsewhereIsMarkedOrCommitted() {
        var ledger = BlockLedger(size: 4)
        ledger.begin(Self.partition, at: 0, isFirst: true)
        ledger.acknowledge([SharedCorpus.fence(0, 9)])
        ledger.end(Self.partition)
        #expect(ledger.marks(at: [SharedCorpus.fence(0, 12)]).isEmpty)
        #expect(ledger.committable([SharedCorpus.fence(0, 12)]).isEmpty)
        ledger.acknowledge([SharedCorpus.fence(0, 12)])
        #expect(ledger.committable([SharedCorpus.fence(0, 12)]).isEmpty)
        // Whoever reads it again begins where it was committed.
        ledger.begin(Self.partition, at: 8, isFirst: false)
        #expect(
            ledger.marks(at: [SharedCorpus.fence(0, 9)]) == [
                ShuffleMark(partition: Self.partition, from: 8, next: 9, isFirst: false)
            ])
    }

    @Test func whatIsOfAnEarlierReadingSaysNothing() {
        var ledger = BlockLedger(size: 4)
        ledger.begin(Self.partition, at: 8, isFirst: false, reading: 2)
        let old = SharedCorpus.fence(0, 14, reading: 1)
        #expect(ledger.marks(at: [old]).isEmpty)
        ledger.acknowledge([old])
        #expect(ledger.committable([old]).isEmpty)
        #expect(!ledger.isOver(CorpusBlock(partition: Self.partition, first: 8)))
        let own = SharedCorpus.fence(0, 14, reading: 2)
        #expect(ledger.marks(at: [own]).map(\.next) == [14])
        ledger.acknowledge([own])
        #expect(ledger.committable([own]).map(\.next) == [12])
    }

    @Test func aContextIsOfTheBlockOfItsRecord() {
        for (next, contexts, first) in [(1, 0, 0), (8, 0, 0), (9, 0, 8), (8, 3, 8), (7, 1, 0), (0, 1, 0)] {
            let block = CorpusBlock(after: SharedCorpus.fence(0, next, contexts: contexts), size: 8)
            #expect(block.first == Int64(first), "\(next), \(contexts)")
        }
        let last = CorpusBlock(partition: Self.partition, first: .max - 1)
        #expect(last.end(size: 8) == .max)
    }
}
