public import Elements
internal import Hashing

extension Reservoir {
    /// Counts and samples a batch of codes.
    ///
    /// Throws `EvidenceError.malformedBatch`, and then nothing of the batch was counted.
    public mutating func absorb(_ batch: CodeBatch) throws(EvidenceError) {
        try batch.check(latents: counts.count)
        var row = 0
        for context in batch.contexts {
            absorb(context, of: batch, firstRow: row)
            row += context.tokens.count
        }
    }

    private mutating func absorb(_ context: Context, of batch: CodeBatch, firstRow: Int) {
        let day = Self.day(ofMilliseconds: context.timestamp)
        advance(to: day)
        let isTest = hashing.isTest(document: context.document)
        // What a window's first and second list are: by priority, and by peak or by day.
        let first: SampleList = isTest ? .test : .train
        let second = isTest ? list(ofDay: day) : .top
        hasChanges = true
        totals.contexts &+= 1
        totals.tokens &+= UInt64(context.tokens.count)
        let source = place(ofSource: context.source ?? "")
        if let source { sources.count(tokens: context.tokens.count, at: source) }
        count(positions: context.tokens.count)
        let document = DocumentMark(context.document)
        var start = 0
        while start < context.tokens.count {
            let end = min(start + settings.window, context.tokens.count)
            let rows = firstRow + start..<firstRow + end
            totals.windows &+= 1
            scratch.gather(batch, rows: rows)
            if 2 * (end - start) < settings.window {
                totals.shortWindows &+= 1
                scratch.count(batch, from: start, source: source, into: &counts, gates: &gates) { _, _ in false }
            } else {
                sample(
                    context.tokens[start..<end], from: (document, source), of: batch, first: first, second: second)
            }
            start = end
        }
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

    /// Counts the gathered window, whose indices are those of its context, and offers it to the lists it may enter.
    private mutating func sample(
        _ tokens: ArraySlice<UInt32>, from origin: (document: DocumentMark, source: Int?), of batch: CodeBatch,
        first: SampleList, second: SampleList?
    ) {
        let identity = hashing.identity(of: tokens)
        let priority = hashing.priority(of: identity)
        scratch.count(batch, from: tokens.startIndex, source: origin.source, into: &counts, gates: &gates) {
            gate, peak in
            if gate.mayEnter(first, priority: priority, peak: peak) { return true }
            guard let second else { return false }
            return gate.mayEnter(second, priority: priority, peak: peak)
        }
        let mayEnterPool = pool.mayHold(priority: priority)
        guard scratch.candidateCount > 0 || mayEnterPool else { return }
        let slot = windows.intern(tokens, identity: identity, priority: priority)
        defer { windows.release(slot) }
        var firing: [UInt8] = []
        firing.reserveCapacity(Firing.byteCount(tokens: tokens.count))
        for index in 0..<scratch.candidateCount {
            let latent = scratch.candidate(index, of: batch, firing: &firing)
            let peak = Firing.peak(in: firing, at: 0)
            if gates[latent].mayEnter(first, priority: priority, peak: peak) {
                offer(
                    firing, at: 0, of: latent, slot: slot, priority: priority, document: origin.document, to: first,
                    isWritten: false)
            }
            if let second, gates[latent].mayEnter(second, priority: priority, peak: peak) {
                offer(
                    firing, at: 0, of: latent, slot: slot, priority: priority, document: origin.document, to: second,
                    isWritten: false)
            }
        }
        guard mayEnterPool else { return }
        let changed = pool.offer(
            slot: slot, priority: priority, document: origin.document, marks: first == .test ? .test : .train,
            latents: scratch.touched.sorted(), isWritten: false, windows: &windows)
        if changed { poolDigest = nil }
    }

    /// The UTC day of a time in milliseconds since 1970, in days since then.
    static func day(ofMilliseconds time: Int64) -> Int64 {
        EventDay.number(ofMilliseconds: time)
    }
}
