internal import Elements

extension Reservoir {
    /// The most bytes that a reservoir's own structures can take, whatever is absorbed; `contextLength` in tokens.
    ///
    /// The worst case: every list full, every token of every window firing, no window shared between latents, every
    /// token id five bytes long. `MemoryExpectation` tells what usual text takes. A view costs nothing when it is made;
    /// while it is held, the columns and pages that the reservoir changes exist twice.
    public static func memoryBound(settings: ReservoirSettings, latents: Int, contextLength: Int) -> Int {
        let tokens = min(settings.window, max(1, contextLength))
        let entries = Double(max(0, latents)) * Double(settings.entriesPerLatent)
        return MemoryUse(
            latents: Double(max(0, latents)), entriesPerLatent: Double(settings.entriesPerLatent),
            firingTokens: Double(tokens), pool: Double(settings.pool),
            poolLatentBytes: Double(LatentSet.bitmapLength(max(0, latents))),
            windows: entries + Double(settings.pool) + 1,
            windowBytes: Double(5 * tokens), pairs: Double(tokens) * Double(max(0, latents))
        ).bytes
    }

    /// About the bytes of `wholeSegment(epoch:)`, without what waits in logs.
    public var wholeSegmentBytes: Int {
        // Of an entry the distance of its window and its document, of a latent its counts.
        let latents = pages.reduce(0) { sum, page in
            sum + 6 * page.samples.entries.count + page.samples.firings.count + 64 * page.count
        }
        return latents + windows.count * (1 + 2 * settings.window) + pool.residentBytes
    }

    /// The bytes that its own structures take now, told from the capacities of their arrays.
    public var residentBytes: Int {
        pages.reduce(pages.residentBytes + windows.residentBytes + pool.residentBytes + scratchBytes) {
            $0 + $1.residentBytes
        }
    }
}

/// What decides how much memory a reservoir takes.
private struct MemoryUse {
    /// Arrays grow by a quarter, and so do arenas before they are packed; an array's header and its rounding take 48
    /// bytes.
    private static let slack = 1.25
    /// A page's lists keep an eighth of spare room at most; its log grows to half of them, by a half each time.
    private static let slackOfPages = 1.125 + 0.75
    private static let unpacked = 4.0 / 3
    private static let header = 48.0

    let latents: Double
    let entriesPerLatent: Double
    let firingTokens: Double
    let pool: Double
    let poolLatentBytes: Double
    let windows: Double
    let windowBytes: Double
    /// Pairs in one window.
    let pairs: Double

    private var latentBytes: Double {
        let columns = LatentPage.bytesPerLatent
        let entry = Double(MemoryLayout<SampleEntry>.stride) + 1 + 3 * firingTokens
        return Double(columns) + Self.slackOfPages * entriesPerLatent * entry + Self.header
            + 1.5 * Double(FiringLog.leastPerLatent)
    }

    private var windowTableBytes: Double {
        // Identity, priority, start, length; holders, vacancy; at most three places for each window.
        let columns = Self.slack * (16 + 8 + 4 + 2 + 4 + 4) + 12
        let pages = windows / Double(WindowPage.slots) + 1
        return windows * (columns + Self.slack * Self.unpacked * windowBytes)
            + pages * (7 * Self.header + Self.slack * 512) + 8192
    }

    private var poolBytes: Double {
        pool * (Self.slack * Double(MemoryLayout<PoolEntry>.stride) + Self.header + poolLatentBytes)
    }

    /// Pairs twice, records, firings and a number for the pool, of as many pairs as are absorbed together at most.
    private var scratchBytes: Double { 1.25 * 64 * max(pairs, Double(Reservoir.pairsTogether)) }

    /// The sum, never beyond what an integer holds.
    var bytes: Int {
        let sum = latents * latentBytes + windowTableBytes + poolBytes + scratchBytes + 16 * Self.header
        return Int(min(sum, 0x1p62))
    }
}
