internal import Elements

/// What one member needs to change pages.
final class PageMember {
    /// Its number, below that of all members.
    let number: Int
    let settling = SettlingScratch()

    init(number: Int) { self.number = number }
}

extension Reservoir {
    /// The pages after which references are taken away: few enough that the list of these stays small.
    private static let pagesTogether = 256

    /// Has members change some pages, and takes away the references to windows that these give up.
    ///
    /// - Parameter change: Gets a page, which of `numbers` it is, and the windows; no two calls get one page.
    mutating func changePages(
        _ numbers: [Int], sharing: WorkSharing,
        _ change: @escaping (_ page: inout LatentPage, _ index: Int, _ windows: WindowPages, PageMember) -> Void
    ) {
        let members = (0..<sharing.members).map { PageMember(number: $0) }
        for start in stride(from: 0, to: numbers.count, by: Self.pagesTogether) {
            let range = start..<min(start + Self.pagesTogether, numbers.count)
            changePages(numbers, range, members, sharing, change)
            for member in members { giveUp(member.settling) }
        }
    }

    private mutating func changePages(
        _ numbers: [Int], _ range: Range<Int>, _ members: [PageMember], _ sharing: WorkSharing,
        _ change: @escaping (inout LatentPage, Int, WindowPages, PageMember) -> Void
    ) {
        let storage = windows.storage
        let pieces = sharing.members == 1 ? 1 : min(range.count, 8 * sharing.members)
        pages.withUnsafeMutableBufferPointer { pages in
            // Each piece has pages of its own.
            let own = pages
            sharing.perform(pieces) { piece, member in
                let first = range.lowerBound + range.count * piece / pieces
                for index in first..<range.lowerBound + range.count * (piece + 1) / pieces {
                    change(&own[numbers[index]], index, storage, members[member])
                }
            }
        }
    }

    /// Takes what was absorbed into the samples, which otherwise happens by and by.
    ///
    /// What is asked about samples next is cheaper then.
    public mutating func settle(sharing: WorkSharing = .alone) {
        let (latestDay, limits) = (latestDay, limits)
        let unsettled = pages.indices.filter { !pages[$0].isSettled(on: latestDay) }
        changePages(unsettled, sharing: sharing) { page, _, windows, member in
            page.advance(to: latestDay, limits: limits, windows: windows, scratch: member.settling)
            page.settle(limits: limits, windows: windows, scratch: member.settling)
        }
    }

    /// Takes the digests of the latents, and of the pool, that have changed since it was last done; a view is cheap then.
    public mutating func takeDigests(sharing: WorkSharing = .alone) {
        settle(sharing: sharing)
        let changed = pages.indices.filter { page in
            pages[page].gates.contains { $0.changes.contains(.digest) }
        }
        changePages(changed, sharing: sharing) { page, _, windows, _ in page.takeDigests(windows: windows) }
        if poolDigest == nil { poolDigest = digestOfPool() }
    }

    /// Drops what samples of a smaller size would not hold.
    mutating func trim(to sample: Int, sharing: WorkSharing = .alone) {
        limits = limits.lowered(sampleTo: sample)
        let limits = limits
        changePages(Array(pages.indices), sharing: sharing) { page, _, windows, member in
            page.settle(limits: limits, windows: windows, scratch: member.settling, isTrimming: true)
        }
    }

    /// Notes that what there is to write is in a segment, or only what it has in lists of latents.
    mutating func markWritten(_ contents: SegmentContents = .changes, sharing: WorkSharing = .alone) {
        let written: LatentGate.Changes = contents == .entries ? .entries : [.counts, .entries]
        changePages(Array(pages.indices), sharing: sharing) { page, _, _, _ in page.markWritten(written) }
        unwrittenEntries = 0
        guard contents != .entries else { return }
        pool.markWritten()
        hasChanges = false
    }
}

extension LatentPage {
    /// Notes that some of it is in a segment.
    fileprivate mutating func markWritten(_ written: LatentGate.Changes) {
        log.markWritten()
        for latent in 0..<count {
            let changes = gates[latent].changes
            guard !changes.isDisjoint(with: written) else { continue }
            if changes.contains(.entries) { samples.markWritten(latent: latent) }
            gates[latent].changes.subtract(written)
        }
    }
}
