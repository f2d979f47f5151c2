import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

/// What one reservoir tells another of its samples, window by window.
@Suite struct ChangesTests {
    private func decoded(_ bytes: [UInt8], of stream: RandomStream) throws -> DecodedChanges {
        try DecodedChanges(
            bytes, identity: stream.empty.identityHash, settings: stream.empty.settings, latents: stream.coder.latents
        ) { _ in true }
    }

    /// What a list of a latent holds, in one line.
    private func line(
        _ latent: Int, _ list: SampleList, _ tokens: [UInt32], _ document: DocumentMark, _ firing: ArraySlice<UInt8>
    ) -> String {
        "\(latent) \(list) \(tokens) \(document.value) \(Array(firing))"
    }

    @Test func aWindowTravelsOnceToAShareAndAFiringOnceHoweverManyListsHoldIt() throws {
        var (several, entries) = (0, 0)
        for seed in 0..<60 {
            let stream = try RandomStream(seed: seed)
            var reservoir = try stream.reservoir(of: stream.contexts)
            reservoir.settle()
            var held: [Set<String>] = [[], [], []]
            for latent in 0..<stream.coder.latents {
                let place = reservoir.place(of: latent)
                let samples = reservoir.pages[place.page].samples
                samples.forEachEntry(of: place.latent) { list, index, firing in
                    let entry = samples.entries[index]
                    held[latent % 3].insert(
                        line(
                            latent, list, reservoir.windows.storage.tokens(of: entry.slot), entry.document,
                            Firing.slice(of: samples.firings, at: firing)))
                }
            }
            let shares = reservoir.takeChanges(shares: 3, limit: 1 << 20) { $0 % 3 }
            for (share, pieces) in shares.enumerated() {
                #expect(pieces.count <= 1)
                var told: Set<String> = []
                for piece in pieces {
                    let changes = try decoded(piece, of: stream)
                    #expect(Set(changes.windows).count == changes.windows.count)
                    for entry in changes.entries {
                        let firing = Firing.slice(of: changes.bytes, at: Int(entry.firing))
                        let tokens = changes.windows[Int(entry.window)]
                        for list in SampleList.allCases where entry.lists.contains(.init(list)) {
                            told.insert(line(Int(entry.latent), list, tokens, entry.document, firing))
                        }
                        entries += 1
                        several += entry.lists.count > 1 ? 1 : 0
                    }
                }
                #expect(told == held[share], "seed \(seed)")
            }
        }
        #expect(several > 100 && entries > several)
    }

    @Test func howTheWorkIsSharedLeavesNoTrace() throws {
        for seed in 0..<20 {
            let stream = try RandomStream(seed: seed)
            var (one, other) = (try stream.reservoir(of: stream.contexts), try stream.reservoir(of: stream.contexts))
            let alone = one.takeChanges(shares: 4, limit: 500) { $0 % 4 }
            #expect(
                alone
                    == other.takeChanges(shares: 4, limit: 500, sharing: WorkSharingTests.sharing(members: 3)) {
                        $0 % 4
                    })
            var (taken, shared) = (stream.empty, stream.empty)
            for piece in alone.joined() {
                try taken.take(changes: piece) { _ in true }
                try shared.take(changes: piece, sharing: WorkSharingTests.sharing(members: 3)) { _ in true }
            }
            #expect(EvidenceContent(taken.view()) == EvidenceContent(shared.view()))
        }
    }

    @Test func latentsOfManyPagesAreHeldAsByOneReservoirThatSeesAll() throws {
        var generator = SplitMix(seed: 77)
        let coder = CoderIdentity(name: "c", hookpoint: "h", latents: 80_000, digest: Hash128(high: 0, low: 1))
        let settings = try ReservoirSettings(window: 8, sample: 12, top: 3, pool: 20, recent: 4, seed: 5)
        let sharing = WorkSharingTests.sharing(members: 2)
        var (whole, owner) = (
            Reservoir(settings: settings, coder: coder), Reservoir(settings: settings, coder: coder)
        )
        var readers = [whole, whole]
        var counts = [BlockCounts](repeating: BlockCounts(latents: coder.latents), count: 2)
        for _ in 0..<3 {
            for reader in readers.indices {
                let batch = WorkSharingTests.batch(latents: coder.latents, firing: 600, &generator)
                try whole.absorb(batch)
                try readers[reader].absorb(batch, counting: &counts[reader], sharing: sharing)
                let shares = readers[reader].takeChanges(shares: 4, limit: 1 << 14, sharing: sharing) { $0 / 256 % 4 }
                for (share, pieces) in shares.enumerated() {
                    #expect(pieces.count > 1 && pieces.allSatisfy { $0.count < 1 << 15 })
                    for piece in pieces { try owner.take(changes: piece, sharing: sharing) { $0 / 256 % 4 == share } }
                }
            }
        }
        for counts in counts { owner.add(counts.untaken) }
        #expect(EvidenceContent(owner.view()) == EvidenceContent(whole.view()))
    }

    @Test func whatIsDamagedIsRefusedOrReadAsSomethingElse() throws {
        var generator = SplitMix(seed: 21)
        let stream = try RandomStream(seed: 9)
        var reservoir = try stream.reservoir(of: stream.contexts)
        let pieces = reservoir.takeChanges(shares: 1, limit: 1 << 20) { _ in 0 }
        let bytes = try #require(pieces.first?.first)
        for length in 0..<bytes.count {
            var other = stream.empty
            #expect(throws: EvidenceError.self) { try other.take(changes: Array(bytes.prefix(length))) { _ in true } }
            #expect(EvidenceContent(other.view()) == EvidenceContent(stream.empty.view()))
        }
        let end = bytes.count - SegmentFormat.checksumLength
        var refused = 0
        for _ in 0..<3000 {
            var damaged = Array(bytes.prefix(end))
            damaged[generator.below(end)] = UInt8(truncatingIfNeeded: generator.next())
            var other = stream.empty
            let isNew = damaged[...] != bytes[..<end]
            if isNew {
                #expect(throws: EvidenceError.self) { try other.take(changes: damaged + bytes[end...]) { _ in true } }
            }
            // With the checksum of what it is now, as somebody could write it.
            var writer = ByteWriter()
            writer.raw(damaged)
            writer.word(SegmentFormat.checksum(damaged[...]))
            do throws(EvidenceError) {
                try other.take(changes: writer.bytes) { _ in true }
                _ = EvidenceContent(other.view())
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300)
    }
}
