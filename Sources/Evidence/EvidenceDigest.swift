internal import Elements
public import Hashing

/// The hashes of one latent's entries, side by side; `nil` for a side without any.
struct LatentDigest: Sendable {
    var train: Hash128?
    var test: Hash128?
}

extension Reservoir {
    /// The hash of samples, top, recent and pool with coder and settings, of which the sample is that in force; counts, which a repeat changes, are not in
    /// it, nor are documents, which older segments do not know.
    ///
    /// SipHash-2-4-128 under the key (0, 0) over the coder, the settings and the latest day, then per side, train
    /// first, per latent that has entries, ascending, the latent and the hash of its entries by list and priority;
    /// then the pool by priority. Each entry is the window's identity and its firing.
    public var digest: Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        hasher.update(text: "gloss evidence 1")
        let identity = hash(of: limits)
        hasher.update(identity.low)
        hasher.update(identity.high)
        hasher.update(latestDay ?? .min)
        let pages = settled().pages
        let current = pages.flatMap { page in
            (0..<page.count).map { latent in
                page.gates[latent].changes.contains(.digest)
                    ? page.digest(of: latent, windows: windows.storage) : page.digests[latent]
            }
        }
        for side in [\LatentDigest.train, \LatentDigest.test] {
            for (latent, digest) in current.enumerated() {
                guard let hash = digest[keyPath: side] else { continue }
                hasher.update(UInt64(latent))
                hasher.update(hash.low)
                hasher.update(hash.high)
            }
        }
        let pool = poolDigest ?? digestOfPool()
        hasher.update(pool.low)
        hasher.update(pool.high)
        return hasher.finalize128()
    }

    /// The hash of what decides whether two reservoirs or their segments can be merged: settings and coder.
    var identityHash: Hash128 { hash(of: settings) }

    private func hash(of settings: ReservoirSettings) -> Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        hasher.update(text: coder.name)
        hasher.update(text: coder.hookpoint)
        hasher.update(Int64(coder.latents))
        hasher.update(coder.digest.low)
        hasher.update(coder.digest.high)
        for setting in [settings.window, settings.sample, settings.top, settings.pool, settings.recent] {
            hasher.update(Int64(setting))
        }
        hasher.update(settings.seed)
        return hasher.finalize128()
    }

    func digestOfPool() -> Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for entry in pool.entries {
            let identity = windows.storage.identity(of: entry.slot)
            hasher.update(identity.low)
            hasher.update(identity.high)
            hasher.update(UInt64(entry.marks.intersection(.sides).rawValue))
            hasher.update(UInt64(entry.latents.bytes.count))
            hasher.updateByWords(entry.latents.bytes[...])
        }
        return hasher.finalize128()
    }
}

extension LatentPage {
    private static let trainLists = [SampleList.train, .top]
    private static let testLists = [SampleList.test, .earlierDay, .latestDay]

    /// Takes the digests of the latents that have changed since it was last done.
    mutating func takeDigests(windows: WindowPages) {
        for latent in 0..<count where gates[latent].changes.contains(.digest) {
            digests[latent] = digest(of: latent, windows: windows)
            gates[latent].changes.remove(.digest)
        }
    }

    /// The hashes of a latent's entries by list and ascending priority.
    fileprivate func digest(of latent: Int, windows: WindowPages) -> LatentDigest {
        var place = (entry: Int(samples.places[latent].entry), firing: samples.places[latent].firing)
        return samples.firings.withUnsafeBytes { firings in
            // The train lists stand before the test lists.
            let train = hash(of: Self.trainLists, latent, from: &place, firings, windows)
            return LatentDigest(train: train, test: hash(of: Self.testLists, latent, from: &place, firings, windows))
        }
    }

    private func hash(
        of lists: [SampleList], _ latent: Int, from place: inout (entry: Int, firing: Int),
        _ firings: UnsafeRawBufferPointer, _ windows: WindowPages
    ) -> Hash128? {
        guard lists.contains(where: { samples.count(of: $0, latent: latent) > 0 }) else { return nil }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for list in lists {
            let count = samples.count(of: list, latent: latent)
            hasher.update(UInt64(count))
            for _ in 0..<count {
                let identity = windows.identity(of: samples.entries[place.entry].slot)
                hasher.update(identity.low)
                hasher.update(identity.high)
                let end = place.firing + Firing.byteCount(in: firings, at: place.firing)
                hasher.updateByWords(UnsafeRawBufferPointer(rebasing: firings[place.firing..<end]))
                place = (place.entry + 1, end)
            }
        }
        return hasher.finalize128()
    }
}

extension SipHasher {
    /// Adds bytes eight at a time, the last word filled up with zeros; the number of bytes must be known from
    /// elsewhere.
    mutating func updateByWords(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { updateByWords($0) }
    }

    /// The same of bytes in memory.
    @inline(__always) mutating func updateByWords(_ bytes: UnsafeRawBufferPointer) {
        let whole = bytes.count & ~7
        for offset in stride(from: 0, to: whole, by: 8) {
            update(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        guard whole < bytes.count else { return }
        var word: UInt64 = 0
        for offset in whole..<bytes.count { word |= UInt64(bytes[offset]) << (8 * UInt64(offset - whole)) }
        update(word)
    }
}
