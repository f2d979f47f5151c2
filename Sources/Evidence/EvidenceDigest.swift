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

    /// Takes the digests of the latents, and of the pool, that have changed since it was last done.
    mutating func refreshDigests() {
        for page in pages.indices {
            for latent in 0..<pages[page].count where pages[page].gates[latent].changes.contains(.digest) {
                pages[page].digests[latent] = pages[page].digest(of: latent, windows: windows.storage)
                pages[page].gates[latent].changes.remove(.digest)
            }
        }
        if poolDigest == nil { poolDigest = digestOfPool() }
    }

    private func digestOfPool() -> Hash128 {
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
    /// The hashes of a latent's entries by list and ascending priority.
    fileprivate func digest(of latent: Int, windows: WindowPages) -> LatentDigest {
        var digest = LatentDigest()
        var index = Int(samples.places[latent].entry)
        var firing = samples.places[latent].firing
        for (side, lists) in [
            (\LatentDigest.train, [SampleList.train, .top]), (\.test, [.test, .earlierDay, .latestDay]),
        ] {
            guard lists.contains(where: { samples.count(of: $0, latent: latent) > 0 }) else { continue }
            var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
            for list in lists {
                let count = samples.count(of: list, latent: latent)
                hasher.update(UInt64(count))
                for _ in 0..<count {
                    let identity = windows.identity(of: samples.entries[index].slot)
                    hasher.update(identity.low)
                    hasher.update(identity.high)
                    let end = firing + Firing.byteCount(in: samples.firings, at: firing)
                    hasher.updateByWords(samples.firings[firing..<end])
                    firing = end
                    index += 1
                }
            }
            digest[keyPath: side] = hasher.finalize128()
        }
        return digest
    }
}

extension SipHasher {
    /// Adds bytes eight at a time, the last word filled up with zeros; the number of bytes must be known from
    /// elsewhere.
    mutating func updateByWords(_ bytes: ArraySlice<UInt8>) {
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            word |= UInt64(byte) << shift
            shift += 8
            if shift == 64 {
                update(word)
                word = 0
                shift = 0
            }
        }
        if shift > 0 { update(word) }
    }
}
