/// What a run had done, and what lay before it, at one moment.
package struct RunMoment: Sendable, Hashable {
    /// What a node that explains or scores has done and still has to do.
    package struct Work: Sendable, Hashable {
        /// The results and failures so far.
        package var done: Int
        /// The jobs before it.
        package var waiting: Int
        /// Of these, those that are being worked on.
        package var underWay: Int
        /// Whether nothing more comes to the node, or it leaves what comes to a later start.
        package var isOver: Bool

        /// Makes a node's work.
        package init(done: Int, waiting: Int, underWay: Int = 0, isOver: Bool = false) {
            self.done = done
            self.waiting = waiting
            self.underWay = underWay
            self.isOver = isOver
        }
    }

    /// The time in seconds, from any beginning.
    package var seconds: Double
    /// The processor time that the process has taken, in seconds.
    package var processor: Double
    /// Tokens that have been read: cut into contexts, or come with their codes.
    package var tokensRead: Int
    /// Tokens that have been worked on.
    package var tokens: Int
    /// How far each source has been read; `nil` for one of which it is not known how much it holds.
    package var extents: [SourceExtent?]
    /// The work of explain and score nodes that have had some.
    package var work: [String: Work]

    /// Makes a moment.
    package init(
        seconds: Double, processor: Double = 0, tokensRead: Int = 0, tokens: Int = 0, extents: [SourceExtent?] = [],
        work: [String: Work] = [:]
    ) {
        self.seconds = seconds
        self.processor = processor
        self.tokensRead = tokensRead
        self.tokens = tokens
        self.extents = extents
        self.work = work
    }

    /// The moment of a reading.
    package init(_ reading: RunProgress.Reading, extents: [SourceExtent?], at seconds: Double) {
        self.init(
            seconds: seconds, processor: ProcessUsage.now.processorSeconds, tokensRead: reading.tokensRead,
            tokens: reading.tokens, extents: extents)
        let nodes = Set(reading.waiting.keys).union(reading.explanations.keys).union(reading.scores.keys)
        for node in nodes {
            // A node either explains or scores.
            let done =
                (reading.explanations[node] ?? 0) + (reading.scores[node] ?? 0) + (reading.failures[node] ?? 0)
            let isOver =
                reading.ended.contains(node) || (reading.held[node] ?? 0) > 0 || (reading.left[node] ?? 0) > 0
            work[node] = Work(
                done: done, waiting: reading.waiting[node] ?? 0, underWay: max(0, reading.underWay[node] ?? 0),
                isOver: isOver)
        }
    }

    /// What has been read of the sources, and what they hold with that, in units of their own; `nil` if it is not known.
    var contents: (read: Double, whole: Double)? {
        guard !extents.isEmpty else { return nil }
        var (read, whole) = (0.0, 0.0)
        for extent in extents {
            guard let extent else { return nil }
            read += Double(extent.read)
            whole += Double(extent.read) + Double(extent.left)
        }
        return (read, whole)
    }

    /// The share of the sources' contents that has been read, from 0 to 1; `nil` if it is not known.
    package var shareRead: Double? { contents.map { $0.whole > 0 ? $0.read / $0.whole : 1 } }

    /// The tokens that are left to work on; `nil` if the sources do not tell.
    package var tokensLeft: Double? {
        guard let share = shareRead else { return nil }
        let queued = Double(max(0, tokensRead - tokens))
        if share >= 1 { return queued }
        guard share > 0, tokensRead > 0 else { return nil }
        return queued + Double(tokensRead) * (1 - share) / share
    }
}
