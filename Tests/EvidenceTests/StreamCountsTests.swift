import Elements
import TestSupport
import Testing

@testable import Evidence

/// Counts apart from a reservoir, and what changes of its samples in segments of a bounded size.
@Suite struct StreamCountsTests {
    /// What a reservoir has counted of some contexts.
    private func counts(_ contexts: some Collection<CodedContext>, of stream: RandomStream) throws -> StreamCounts {
        var (reservoir, counts) = (stream.empty, BlockCounts(latents: stream.coder.latents))
        if !contexts.isEmpty { try reservoir.absorb(CodeBatch(Array(contexts)), counting: &counts) }
        #expect(reservoir.totals == StreamTotals())
        return counts.untaken
    }

    /// What a reservoir has counted.
    private func counted(_ reservoir: Reservoir) -> StreamCounts {
        var (copy, counts) = (reservoir, BlockCounts(latents: reservoir.coder.latents))
        copy.exchange(&counts)
        counts.counted(upTo: reservoir.latestDay)
        return counts.untaken
    }

    @Test func whatIsTakenAndAddedAgainIsWhatOneReservoirCounts() throws {
        for seed in 0..<60 {
            let stream = try RandomStream(seed: seed)
            var (parted, sum) = (stream.empty, stream.empty)
            for context in stream.contexts {
                var counts = BlockCounts(latents: stream.coder.latents)
                try parted.absorb(CodeBatch([context]), counting: &counts)
                sum.add(counts.untaken)
            }
            #expect(parted.totals == StreamTotals())
            for changes in parted.takeChanges(shares: 1, limit: 1 << 20, share: { _ in 0 }).joined() {
                try sum.take(changes: changes) { _ in true }
            }
            #expect(EvidenceContent(sum.view()) == EvidenceContent(try stream.reservoir(of: stream.contexts).view()))
            // Nothing has changed since.
            let later = parted.takeChanges(shares: 2, limit: 99) { _ in 0 }
            #expect(later.count == 2 && later.allSatisfy { $0.isEmpty })
        }
    }

    @Test func countsOfTwoReadersOfOnePartAreThoseOfWhoReadFurther() throws {
        for seed in 100..<140 {
            let stream = try RandomStream(seed: seed)
            for first in 0...stream.contexts.count {
                let second = stream.contexts.count - first / 2
                var known = try counts(stream.contexts.prefix(first), of: stream)
                var sum = stream.empty
                sum.add(known)
                for more in [second, first, second] {
                    sum.add(known.grow(to: try counts(stream.contexts.prefix(more), of: stream)))
                }
                let whole = try counts(stream.contexts.prefix(max(first, second)), of: stream)
                #expect(known.bytes == whole.bytes, "seed \(seed)")
                #expect(counted(sum).bytes == whole.bytes, "seed \(seed)")
            }
        }
    }

    /// What is taken of a block, by share.
    private func changed(_ block: inout BlockCounts, shares: Int = 1, limit: Int = 1 << 20) -> [[StreamCounts]] {
        var parts = [[StreamCounts]](repeating: [], count: shares)
        block.takeChanged(shares: shares, limit: limit, share: { $0 % shares }) { parts[$0].append($1) }
        return parts
    }

    @Test func whatIsTakenOfABlockIsWhatHasGrown() throws {
        for seed in 0..<40 {
            let stream = try RandomStream(seed: seed)
            // Two blocks in turn, as two partitions are read.
            var reservoir = stream.empty
            var blocks = [BlockCounts](repeating: BlockCounts(latents: stream.coder.latents), count: 2)
            var told = [StreamCounts(), StreamCounts()]
            for (number, context) in stream.contexts.enumerated() {
                try reservoir.absorb(CodeBatch([context]), counting: &blocks[number % 2])
                guard number % 3 == 0 else { continue }
                #expect(blocks[number % 2].isChanged)
                for part in changed(&blocks[number % 2]).joined() {
                    let growth = told[number % 2].grow(to: part)
                    #expect(growth.fired == part.fired)
                    #expect(part.fired.allSatisfy { growth.latents[Int32($0)]?.isZero == false })
                }
                #expect(!blocks[number % 2].isChanged)
                let nothing = changed(&blocks[number % 2]).joined().flatMap(\.fired)
                #expect(nothing.isEmpty)
            }
            for number in 0..<2 {
                for part in changed(&blocks[number]).joined() { _ = told[number].grow(to: part) }
                let own = stream.contexts.enumerated().filter { $0.offset % 2 == number }.map(\.element)
                var whole = try counts(own, of: stream)
                whole.latestDay = told[number].latestDay
                #expect(told[number].bytes == whole.bytes, "seed \(seed)")
            }
        }
    }

    @Test func partsBySharesAreTheWhole() throws {
        for seed in 0..<40 {
            let stream = try RandomStream(seed: seed)
            for limit in [1, 700, 1 << 20] {
                var (reservoir, block) = (stream.empty, BlockCounts(latents: stream.coder.latents))
                if !stream.contexts.isEmpty { try reservoir.absorb(CodeBatch(stream.contexts), counting: &block) }
                let whole = block.untaken
                let parts = changed(&block, shares: 3, limit: limit)
                #expect(parts.allSatisfy { !$0.isEmpty })
                for (share, parts) in parts.enumerated() {
                    #expect(parts.flatMap(\.fired) == whole.fired.filter { $0 % 3 == share })
                    #expect(parts.first?.totals == whole.totals)
                    if limit < 700 { #expect(parts.allSatisfy { $0.fired.count <= 1 }) }
                }
                var again = StreamCounts()
                for part in parts.joined() {
                    let read = try StreamCounts(part.bytes, latents: stream.coder.latents)
                    #expect(read.bytes == part.bytes)
                    _ = again.grow(to: read)
                }
                #expect(again.bytes == whole.bytes)
            }
        }
    }

    @Test func changesComeInSegmentsOfABoundedSize() throws {
        for seed in 0..<40 {
            let stream = try RandomStream(seed: seed)
            var reservoir = try stream.reservoir(of: stream.contexts)
            let shares = reservoir.takeChanges(shares: 2, limit: 300) { $0 % 2 }
            // One entry may be larger than that with its window; the header comes on top.
            for segment in shares.joined() { #expect(segment.count < 300 + 250) }
            for (share, segments) in shares.enumerated() {
                var part = stream.empty
                for segment in segments.shuffled() + segments { try part.take(changes: segment) { $0 % 2 == share } }
                let (whole, view) = (reservoir.view(), part.view())
                for latent in 0..<stream.coder.latents where latent % 2 == share {
                    #expect(whole.evidence(of: latent).train == view.evidence(of: latent).train)
                    #expect(whole.evidence(of: latent).top == view.evidence(of: latent).top)
                    #expect(whole.evidence(of: latent).test == view.evidence(of: latent).test)
                }
                #expect(whole.pool == view.pool)
            }
        }
    }

    @Test func foreignSegmentsAndLatentsChangeNothing() throws {
        let stream = try RandomStream(seed: 3)
        var reservoir = try stream.reservoir(of: stream.contexts)
        let own = reservoir.segment(epoch: 1)
        var other = stream.empty
        #expect(throws: EvidenceError.self) { try other.take(changes: own ?? []) { _ in true } }
        var again = try stream.reservoir(of: stream.contexts)
        for segment in again.takeChanges(shares: 1, limit: 1 << 20, share: { _ in 0 }).joined() {
            #expect(throws: EvidenceError.self) { try other.take(changes: segment) { _ in false } }
        }
        #expect(EvidenceContent(other.view()) == EvidenceContent(stream.empty.view()))
    }

    @Test func damagedCountsAreRefused() throws {
        var generator = SplitMix(seed: 4)
        let stream = try RandomStream(seed: 8)
        let bytes = try counts(stream.contexts, of: stream).bytes
        for length in 0..<bytes.count {
            #expect(throws: EvidenceError.self) {
                try StreamCounts(Array(bytes.prefix(length)), latents: stream.coder.latents)
            }
        }
        for _ in 0..<2000 {
            var damaged = bytes
            damaged[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
            // It is read as other counts or refused; nothing ends the process.
            _ = try? StreamCounts(damaged, latents: stream.coder.latents)
        }
    }
}
