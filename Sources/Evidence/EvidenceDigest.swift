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
        let current = gates.indices.map { latent in
            gates[latent].changes.contains(.digest) ? digest(of: latent) : digests[latent]
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
        for latent in gates.indices where gates[latent].changes.contains(.digest) {
            digests[latent] = digest(of: latent)
            gates[latent].changes.remove(.digest)
        }
        if poolDigest == nil { poolDigest = digestOfPool() }
    }

    private func digest(of latent: Int) -> LatentDigest {
        LatentDigest(
            train: samples[latent].digest(of: [.train, .top], windows: windows.storage),
            test: samples[latent].digest(of: [.test, .earlierDay, .latestDay], windows: windows.storage))
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

extension LatentSamples {
    /// The hash of some lists' entries by ascending priority; `nil` if they have none.
    fileprivate func digest(of lists: [SampleList], windows: WindowPages) -> Hash128? {
        guard lists.contains(where: { count(of: $0) > 0 }) else { return nil }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for list in lists {
            hasher.update(UInt64(count(of: list)))
            for index in byPriority(list, windows: windows) {
                let identity = windows.identity(of: entries[index].slot)
                hasher.update(identity.low)
                hasher.update(identity.high)
                hasher.updateByWords(Firing.slice(of: arena, at: entries[index].start))
            }
        }
        return hasher.finalize128()
    }

    /// The places of a list's entries by ascending priority, whatever the order of the list.
    func byPriority(_ list: SampleList, windows: WindowPages) -> [Int] {
        list == .top
            ? range(of: list).sorted { windows.precedes(entries[$0].slot, entries[$1].slot) }
            : Array(range(of: list))
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
