import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

/// The pool of negatives beside every window ever offered.
@Suite struct NegativePoolTests {
    private struct Naive {
        var document: DocumentMark
        var marks: PoolEntry.Marks
        var latents: Set<Int32>
    }

    /// Few priorities, so that identities decide; few windows, so that some come again, in one batch and in later ones.
    @Test(arguments: 0..<40) func holdsTheLowestWindowsWithAllThatFiresInThem(seed: Int) throws {
        var generator = SplitMix(seed: seed)
        let (capacity, universe) = (generator.below(20), 1 + generator.below(60))
        let hashing = WindowHashing(seed: 5)
        let windowsOfAll = 1 + generator.below(60)
        let known = (0..<windowsOfAll).map { number in
            let tokens = [UInt32(number), 7]
            return (tokens: tokens, identity: hashing.identity(of: tokens[...]), priority: UInt64(generator.below(12)))
        }
        var (table, pool) = (WindowTable(), NegativePool(capacity: capacity, latents: universe))
        var naive: [Int: Naive] = [:]
        for _ in 0..<12 {
            let before = Self.content(pool)
            var occurrences: [PoolEntry] = []
            for _ in 0..<generator.below(12) {
                let number = generator.below(windowsOfAll)
                let window = known[number]
                let slot = table.intern(window.tokens[...], identity: window.identity, priority: window.priority)
                let document = DocumentMark(value: UInt32(generator.below(5)))
                let marks: PoolEntry.Marks = generator.below(2) == 0 ? .train : .test
                let latents = Set((0..<generator.below(6)).map { _ in Int32(generator.below(universe)) })
                occurrences.append(
                    PoolEntry(
                        slot: slot, priority: window.priority, document: document, marks: marks,
                        latents: LatentSet(ascending: latents.sorted(), universe: universe), isWritten: false))
                let own = naive[number]
                naive[number] = Naive(
                    document: min(own?.document ?? document, document), marks: (own?.marks ?? []).union(marks),
                    latents: (own?.latents ?? []).union(latents))
            }
            let changed = pool.offer(occurrences, windows: &table)
            for occurrence in occurrences { table.release(occurrence.slot) }
            #expect(changed == (Self.content(pool) != before) && (!changed || pool.hasUnwritten))
            let expected = naive.sorted { left, right in
                let (a, b) = (known[left.key], known[right.key])
                return (a.priority, a.identity) < (b.priority, b.identity)
            }.prefix(capacity)
            #expect(pool.entries.map { table.storage.identity(of: $0.slot) } == expected.map { known[$0.key].identity })
            #expect(pool.entries.map(\.document) == expected.map(\.value.document))
            #expect(pool.entries.map { $0.marks.intersection(.sides) } == expected.map(\.value.marks))
            #expect(pool.entries.map { Set($0.latents.latents) } == expected.map(\.value.latents))
            // Those that left are forgotten, since nobody else holds them.
            #expect(table.count == pool.entries.count)
            #expect(pool.entries.allSatisfy { $0.priority == table.storage.priority(of: $0.slot) })
        }
    }

    /// What a segment holds already is not written again until it changes.
    @Test func onlyWhatChangesIsUnwritten() {
        var (table, pool) = (WindowTable(), NegativePool(capacity: 4, latents: 9))
        let slot = table.intern([1, 2], identity: Hash128(high: 0, low: 3), priority: 8)
        func entry(_ latents: [Int32], isWritten: Bool) -> PoolEntry {
            PoolEntry(
                slot: slot, priority: 8, document: DocumentMark(value: 1), marks: .train,
                latents: LatentSet(ascending: latents, universe: 9), isWritten: isWritten)
        }
        #expect(pool.offer([entry([1], isWritten: true)], windows: &table) && !pool.hasUnwritten)
        #expect(!pool.offer([entry([1], isWritten: false)], windows: &table) && !pool.hasUnwritten)
        #expect(pool.offer([entry([4], isWritten: false)], windows: &table) && pool.hasUnwritten)
        #expect(pool.entries[0].marks == [.train, .unwritten] && pool.entries[0].latents.latents == [1, 4])
        pool.markWritten()
        #expect(!pool.hasUnwritten && pool.entries[0].marks == .train)
    }

    private static func content(_ pool: NegativePool) -> [[Int]] {
        pool.entries.map {
            [Int($0.slot), Int($0.document.value), Int($0.marks.intersection(.sides).rawValue)]
                + $0.latents.latents.map(Int.init)
        }
    }
}
