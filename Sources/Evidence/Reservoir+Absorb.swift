public import Elements
internal import Hashing

extension Reservoir {
    /// Pairs absorbed together: enough for pages to get several each, and few enough to stay in a cache.
    static let pairsTogether = 1 << 18

    /// Pairs below which other threads are not worth the wait.
    static let fewPairs = 4096

    /// Counts and samples a batch of codes, by as many threads as `sharing` has members.
    ///
    /// Throws `EvidenceError.malformedBatch`, and then nothing of the batch was counted.
    public mutating func absorb(_ batch: CodeBatch, sharing: WorkSharing = .alone) throws(EvidenceError) {
        try batch.check(latents: coder.latents, sharing: sharing)
        guard let day = batch.contexts.map({ Self.day(ofMilliseconds: $0.timestamp) }).max() else { return }
        advance(to: day)
        hasChanges = true
        let scratch = ownScratch()
        hash(
            windowsOf: batch.contexts, into: scratch, batch.latents.count < Self.fewPairs ? .alone : sharing)
        var part = BatchPart()
        var row = 0
        for (number, context) in batch.contexts.enumerated() {
            let (place, cleared) = sources.admit(context.source ?? "")
            if let cleared {
                // What was counted for the place so far is of the source that had it.
                absorb(&part, of: batch, scratch, sharing)
                clear(source: cleared)
            }
            totals.contexts &+= 1
            totals.tokens &+= UInt64(context.tokens.count)
            if let place { sources.count(tokens: context.tokens.count, at: place) }
            count(positions: context.tokens.count)
            cut(context, number, firstRow: row, source: place, of: batch, into: &part, scratch, sharing)
            row += context.tokens.count
        }
        absorb(&part, of: batch, scratch, sharing)
    }

    /// Notes the identity and priority of every window that is long enough; members take contexts.
    private func hash(windowsOf contexts: [Context], into scratch: AbsorbScratch, _ sharing: WorkSharing) {
        let size = settings.window
        scratch.firstHashes.reserve(contexts.count)
        var count = 0
        for (number, context) in contexts.enumerated() {
            scratch.firstHashes.base[number] = count
            count += (context.tokens.count + size - 1) / size
        }
        scratch.hashes.reserve(count)
        let (hashing, first, hashes) = (hashing, scratch.firstHashes.base, scratch.hashes.base)
        sharing.perform(contexts.count) { number, _ in
            let tokens = contexts[number].tokens
            for (window, start) in stride(from: 0, to: tokens.count, by: size).enumerated() {
                let end = min(start + size, tokens.count)
                guard 2 * (end - start) >= size else { continue }
                let identity = hashing.identity(of: tokens[start..<end])
                (hashes + first[number] + window).initialize(
                    to: WindowHashes(identity: identity, priority: hashing.priority(of: identity)))
            }
        }
    }

    /// Windows of a batch that are absorbed together.
    private struct BatchPart {
        var windows: [AbsorbedWindow] = []
        /// By window, its first row and where in its context that is; rows follow one another.
        var starts: [(row: Int, position: Int)] = []
        var endRow = 0
        /// The windows that the pool may hold.
        var pooled: [(window: Int, marks: PoolEntry.Marks)] = []
    }

    /// Counts the tokens of a context by position.
    private mutating func count(positions length: Int) {
        var start = 0
        for bin in 0..<PositionBins.count where start < length {
            let end = min(length, PositionBins.length(through: bin) ?? length)
            positions[bin] &+= UInt64(end - start)
            start = end
        }
    }

    private mutating func cut(
        _ context: Context, _ number: Int, firstRow: Int, source: Int?, of batch: CodeBatch,
        into part: inout BatchPart, _ scratch: AbsorbScratch, _ sharing: WorkSharing
    ) {
        let isTest = hashing.isTest(document: context.document)
        var lists: SampleList.Choice = isTest ? .test : [.train, .top]
        if isTest, let list = list(ofDay: Self.day(ofMilliseconds: context.timestamp)) {
            lists.insert(SampleList.Choice(list))
        }
        let document = DocumentMark(context.document)
        var start = 0
        while start < context.tokens.count {
            let end = min(start + settings.window, context.tokens.count)
            let row = firstRow + start
            if part.windows.isEmpty {
                part.endRow = row
            } else if batch.rowStarts[firstRow + end] - batch.rowStarts[part.starts[0].row] > Self.pairsTogether
                || firstRow + end - part.starts[0].row > PagedPair.mostRows
            {
                absorb(&part, of: batch, scratch, sharing)
            }
            totals.windows &+= 1
            let isShort = 2 * (end - start) < settings.window
            if isShort { totals.shortWindows &+= 1 }
            let firstPair = batch.rowStarts[part.starts.first?.row ?? row]
            part.windows.append(
                window(
                    isShort ? nil : context.tokens[start..<end],
                    scratch.hashes.base + scratch.firstHashes.base[number] + start / settings.window,
                    document: document, lists: isShort ? [] : lists, source: source,
                    pairStart: batch.rowStarts[row] - firstPair, pooled: &part.pooled,
                    place: part.windows.count))
            part.starts.append((row, start))
            part.endRow = firstRow + end
            start = end
        }
    }

    /// A window with a reference of its own to its slot, unless it is too short.
    private mutating func window(
        _ tokens: ArraySlice<UInt32>?, _ hashes: UnsafePointer<WindowHashes>, document: DocumentMark,
        lists: SampleList.Choice, source: Int?, pairStart: Int, pooled: inout [(window: Int, marks: PoolEntry.Marks)],
        place: Int
    ) -> AbsorbedWindow {
        var (slot, priority, isPooled) = (UInt32(0), UInt64(0), false)
        if let tokens {
            priority = hashes.pointee.priority
            slot = windows.intern(tokens, identity: hashes.pointee.identity, priority: priority)
            isPooled = pool.mayHold(priority: priority)
            if isPooled { pooled.append((place, lists.contains(.train) ? .train : .test)) }
        }
        return AbsorbedWindow(
            slot: slot, high: UInt32(truncatingIfNeeded: priority >> 32), low: UInt32(truncatingIfNeeded: priority),
            document: document, lists: lists, source: source.map { Int32($0) } ?? -1,
            pairStart: isPooled ? Int32(truncatingIfNeeded: pairStart) : -1)
    }

    /// Counts and samples the windows cut so far, and forgets them.
    private mutating func absorb(
        _ part: inout BatchPart, of batch: CodeBatch, _ scratch: AbsorbScratch, _ sharing: WorkSharing
    ) {
        guard let first = part.starts.first else { return }
        let rows = first.row..<part.endRow
        let pairs = batch.rowStarts[rows.lowerBound]..<batch.rowStarts[rows.upperBound]
        let sharing = pairs.count < Self.fewPairs ? .alone : sharing
        scratch.prepare(members: sharing.members)
        for member in scratch.members {
            member.held.fill(part.windows.count, with: 0)
            guard !part.pooled.isEmpty else { continue }
            member.firingCounts.fill(part.windows.count, with: 0)
            member.firingLatents.reserve(pairs.count)
        }
        describe(rows, of: part, into: scratch.rows)
        partition(batch, rows: rows, into: scratch, sharing)
        absorbPages(part, scratch, sharing)
        takeReferences(part, scratch)
        offerToPool(part, scratch, sharing)
        for window in part.windows where !window.lists.isEmpty { windows.release(window.slot) }
        part = BatchPart()
    }

    private func describe(_ rows: Range<Int>, of part: BatchPart, into buffer: WorkBuffer<AbsorbedRow>) {
        buffer.reserve(rows.count)
        for (window, start) in part.starts.enumerated() {
            let end = window + 1 < part.starts.count ? part.starts[window + 1].row : part.endRow
            for row in start.row..<end {
                let position = row - start.row
                (buffer.base + (row - rows.lowerBound)).initialize(
                    to: AbsorbedRow(
                        window: Int32(truncatingIfNeeded: window), position: UInt8(truncatingIfNeeded: position),
                        bin: UInt8(truncatingIfNeeded: PositionBins.bin(of: start.position + position))))
            }
        }
    }

    /// Lets each page count its pairs and log what may enter its lists.
    private mutating func absorbPages(_ part: BatchPart, _ scratch: AbsorbScratch, _ sharing: WorkSharing) {
        let pieces = pieces(of: scratch, count: sharing.members == 1 ? 1 : 8 * sharing.members)
        let (limits, storage, latestDay) = (limits, windows.storage, latestDay)
        part.windows.withUnsafeBufferPointer { windows in
            pages.withUnsafeMutableBufferPointer { pages in
                guard let windows = windows.baseAddress, let pages = pages.baseAddress else { return }
                let absorbed = AbsorbedPart(
                    windows: windows, rows: scratch.rows.base, limits: limits, storage: storage, latestDay: latestDay)
                sharing.perform(pieces.count) { piece, member in
                    for page in pieces[piece] {
                        let start = page == 0 ? 0 : Int(scratch.ends.base[page - 1])
                        let count = Int(scratch.ends.base[page]) - start
                        guard count > 0 else { continue }
                        pages[page].absorb(
                            UnsafeBufferPointer(start: scratch.pairs.base + start, count: count), of: absorbed,
                            firstLatent: Int32(truncatingIfNeeded: page * LatentPage.latents),
                            scratch: scratch.members[member])
                    }
                }
            }
        }
    }

    /// Ranges of pages with about as many pairs each.
    private func pieces(of scratch: AbsorbScratch, count: Int) -> [Range<Int>] {
        guard count > 1, let last = pages.indices.last else { return [pages.indices] }
        let total = Int(scratch.ends.base[last])
        var pieces: [Range<Int>] = []
        var start = 0
        for page in pages.indices where Int(scratch.ends.base[page]) * count >= total * (pieces.count + 1) {
            pieces.append(start..<page + 1)
            start = page + 1
        }
        return pieces
    }

    /// Counts the references that logs have got and lists have given up.
    private mutating func takeReferences(_ part: BatchPart, _ scratch: AbsorbScratch) {
        for (place, window) in part.windows.enumerated() where !window.lists.isEmpty {
            let count = scratch.members.reduce(0) { $0 + $1.held.base[place] }
            guard count > 0 else { continue }
            windows.retain(window.slot, count: count)
            unwrittenEntries += Int(count)
        }
        for member in scratch.members { giveUp(member.settling) }
    }

    /// Offers windows to the pool, each with the latents that members have noted; members put their sets together.
    private mutating func offerToPool(_ part: BatchPart, _ scratch: AbsorbScratch, _ sharing: WorkSharing) {
        let offered = part.pooled.filter { pool.mayHold(priority: part.windows[$0.window].priority) }
        guard !offered.isEmpty else { return }
        let universe = coder.latents
        let pieces = sharing.members == 1 ? 1 : min(offered.count, 4 * sharing.members)
        let occurrences = [PoolEntry](unsafeUninitializedCapacity: offered.count) { buffer, initialized in
            // Each piece writes to places of its own.
            let places = buffer
            sharing.perform(pieces) { piece, _ in
                for number in piece * offered.count / pieces..<(piece + 1) * offered.count / pieces {
                    let (place, marks) = offered[number]
                    let window = part.windows[place]
                    var latents: [Int32] = []
                    for member in scratch.members {
                        let start = member.firingLatents.base + Int(window.pairStart)
                        latents = Self.merged(
                            latents, UnsafeBufferPointer(start: start, count: Int(member.firingCounts.base[place])))
                    }
                    places.initializeElement(
                        at: number,
                        to: PoolEntry(
                            slot: window.slot, priority: window.priority, document: window.document, marks: marks,
                            latents: LatentSet(ascending: latents, universe: universe), isWritten: false))
                }
            }
            initialized = offered.count
        }
        offerToPool(occurrences)
    }

    /// Two ascending lists in one.
    private static func merged(_ left: [Int32], _ right: UnsafeBufferPointer<Int32>) -> [Int32] {
        guard !left.isEmpty else { return Array(right) }
        var result: [Int32] = []
        result.reserveCapacity(left.count + right.count)
        var index = 0
        for latent in right {
            while index < left.count, left[index] < latent {
                result.append(left[index])
                index += 1
            }
            result.append(latent)
        }
        return result + left[index...]
    }

    /// The UTC day of a time in milliseconds since 1970, in days since then.
    static func day(ofMilliseconds time: Int64) -> Int64 {
        EventDay.number(ofMilliseconds: time)
    }
}
