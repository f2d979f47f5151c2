/// How long a run still takes, from what was measured so far.
///
/// Work that has begun is told by its own rate over the last minute. Nodes that wait for the sources to be drained have no
/// rate before that: they are taken to need the processor time that is expected of them, at as many processors as the run has
/// had of late, and are named if nothing is expected.
package struct TimeLeft: Sendable {
    /// What can be said of the time that is left.
    package enum Answer: Sendable, Hashable {
        /// Nothing has been measured yet, or a source does not tell how much it holds.
        case unknown
        /// Nothing is left to do.
        case nothing
        /// The seconds of what can be told, and the nodes whose work comes on top of that.
        case seconds(Double, then: [String])
    }

    /// What a node will have to do.
    package struct Expectation: Sendable, Hashable {
        /// The number of its jobs.
        package var jobs: Int
        /// The processor time of one in seconds; `nil` if that depends on a model that has not been measured.
        package var seconds: Double?

        /// Makes an expectation.
        package init(jobs: Int, seconds: Double?) {
            self.jobs = jobs
            self.seconds = seconds
        }
    }

    /// The seconds over which rates are measured.
    private static let window = 60.0
    /// The seconds without work after which a node that never had any is not waited for.
    private static let patience = 10.0

    private let expected: [String: Expectation]
    private var moments: [RunMoment] = []
    /// The latest rate of each node, in jobs a second.
    private var rates: [String: Double] = [:]
    private var begun: Set<String> = []
    /// Since when there has been nothing to read and no job.
    private var idleSince: Double?

    /// Makes an estimate.
    ///
    /// - Parameter expected: By explain and score node, what it will have to do.
    package init(expecting expected: [String: Expectation] = [:]) { self.expected = expected }

    /// Takes in a moment; about one a second, the later one last.
    package mutating func note(_ moment: RunMoment) {
        moments.append(moment)
        // One moment at or beyond the window's edge stays, so that a rate spans all of it.
        while moments.count > 2, moments[1].seconds <= moment.seconds - Self.window { moments.removeFirst() }
        for (node, work) in moment.work where work.done > 0 || work.waiting > 0 {
            begun.insert(node)
            if let rate = rate(of: node) { rates[node] = rate }
        }
        let isIdle = (moment.tokensLeft ?? 1) < 1 && moment.work.values.allSatisfy { $0.waiting == 0 }
        idleSince = isIdle ? idleSince ?? moment.seconds : nil
    }

    /// What is left after the latest moment.
    package var answer: Answer {
        guard let now = moments.last, let tokens = now.tokensLeft else { return .unknown }
        var reading = 0.0
        if tokens >= 1 {
            guard let rate = tokenRate else { return .unknown }
            reading = tokens / rate
        }
        let later = expected.filter { !begun.contains($0.key) && $0.value.jobs > 0 }
        if let idleSince, later.isEmpty || now.seconds - idleSince >= Self.patience { return .nothing }
        var (longest, then) = (0.0, [String]())
        for (node, work) in now.work where work.waiting > 0 {
            if let each = rates[node].map({ 1 / $0 }) ?? expected[node]?.seconds.map({ $0 / processors }) {
                longest = max(longest, Double(work.waiting) * each)
            } else {
                then.append(node)
            }
        }
        // Nodes that work beside the reading take their time from it, and are in its rate.
        var seconds = max(reading, longest)
        for (node, expectation) in later {
            if let each = expectation.seconds {
                seconds += each * Double(expectation.jobs) / processors
            } else {
                then.append(node)
            }
        }
        return .seconds(seconds, then: then.sorted())
    }

    /// The processors that the run has kept busy over the last minute: what others leave it, while it has enough to do.
    private var processors: Double {
        guard let first = moments.first, let now = moments.last, now.seconds > first.seconds else { return 1 }
        return max(0.25, (now.processor - first.processor) / (now.seconds - first.seconds))
    }

    /// Tokens worked on per second over the last minute of reading.
    private var tokenRate: Double? {
        guard let now = moments.last, let first = moments.first(where: { $0.tokensRead > 0 || $0.tokens > 0 }),
            now.seconds > first.seconds, now.tokens > first.tokens
        else { return nil }
        return Double(now.tokens - first.tokens) / (now.seconds - first.seconds)
    }

    /// Jobs done per second over the last minute in which a node had some.
    private func rate(of node: String) -> Double? {
        guard let now = moments.last, let done = now.work[node]?.done,
            let first = moments.first(where: { ($0.work[node]?.waiting ?? 0) > 0 }),
            let before = first.work[node]?.done, now.seconds > first.seconds, done > before
        else { return nil }
        return Double(done - before) / (now.seconds - first.seconds)
    }
}
