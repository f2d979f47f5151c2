/// How long a run still takes, from what was measured so far.
///
/// Tokens are told by their rate over the last minute, jobs by what they take of the time of the model that does them
/// (`JobPace`); jobs that nobody has planned yet are counted in (`JobsAhead`). Nodes that wait for the sources to be drained have
/// no pace before that: they are taken to need the processor time that is expected of them, at as many processors as the run has
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
        /// The number of its jobs at most, without controls.
        package var jobs: Int
        /// The number of its controls at most, which come after the last explanation.
        package var controls: Int
        /// The processor time of one job in seconds; `nil` if that depends on a model that has not been measured.
        package var seconds: Double?
        /// The explain nodes whose explanations it scores; none if it explains.
        package var explainers: [String]
        /// What does its jobs, if it does those of other nodes as well.
        package var model: String?

        /// Makes an expectation.
        package init(
            jobs: Int, controls: Int = 0, seconds: Double?, explainers: [String] = [], model: String? = nil
        ) {
            self.jobs = jobs
            self.controls = controls
            self.seconds = seconds
            self.explainers = explainers
            self.model = model
        }
    }

    /// The seconds over which rates are measured.
    private static let window = 60.0
    /// The seconds without work after which a node that never had any is not waited for.
    private static let patience = 10.0

    private var expected: [String: Expectation]
    private var moments: [RunMoment] = []
    private var density = TokenDensity()
    private var done = DoneShare()
    private var pace = JobPace()
    private var ahead: JobsAhead
    /// Since when there has been nothing to read and no job.
    private var idleSince: Double?

    /// The share of the sources' tokens that has been worked on, from 0 to 1; `nil` if they do not tell how much they hold.
    package var shareDone: Double? { done.share }

    /// Makes an estimate.
    ///
    /// - Parameter expected: By explain and score node, what it will have to do.
    package init(expecting expected: [String: Expectation] = [:]) {
        self.expected = expected
        ahead = JobsAhead(expecting: expected)
    }

    /// From now on something else is expected, since the topology has changed; what jobs take is still known.
    package mutating func expect(_ expected: [String: Expectation]) {
        self.expected = expected
        ahead = JobsAhead(expecting: expected, after: ahead)
        idleSince = nil
        if let now = moments.last { ahead.note(now) }
    }

    /// Takes in a moment; about one a second, the later one last.
    package mutating func note(_ moment: RunMoment) {
        moments.append(moment)
        // One moment at or beyond the window's edge stays, so that a rate spans all of it.
        while moments.count > 2, moments[1].seconds <= moment.seconds - Self.window { moments.removeFirst() }
        density.note(moment)
        done.note(moment, tokensLeft: density.tokensLeft(in: moment))
        pace.note(moment) { [expected] in Self.model(of: $0, expected) }
        ahead.note(moment)
        let isIdle = (moment.tokensLeft ?? 1) < 1 && moment.work.values.allSatisfy { $0.waiting == 0 }
        idleSince = isIdle ? idleSince ?? moment.seconds : nil
    }

    /// What does a node's jobs: a model, or the node itself.
    private static func model(of node: String, _ expected: [String: Expectation]) -> String {
        // No node has a name with a space.
        expected[node]?.model.map { "model \($0)" } ?? node
    }

    /// What is left after the latest moment.
    package var answer: Answer {
        guard let now = moments.last, let known = now.tokensLeft, let tokens = density.tokensLeft(in: now) else {
            return .unknown
        }
        var reading = 0.0
        if known >= 1 {
            guard let rate = tokenRate else { return .unknown }
            reading = tokens / rate
        }
        let nodes = Set(now.work.keys).union(expected.keys)
        let counts = nodes.map { (node: $0, jobs: ahead.count(of: $0, in: now)) }.filter { $0.jobs.all >= 0.5 }
        if let idleSince, counts.isEmpty || now.seconds - idleSince >= Self.patience { return .nothing }
        var (load, later, then) = (Load(), 0.0, [String]())
        for (node, jobs) in counts {
            guard let each = pace.cost(of: node) ?? expected[node]?.seconds.map({ $0 / processors }) else {
                then.append(node)
                continue
            }
            if ahead.hasBegun(node, in: now) {
                load.add(
                    jobs, each: each, at: Self.model(of: node, expected),
                    explains: expected[node]?.explainers.isEmpty == true)
            } else {
                later += each * jobs.all
            }
        }
        // Nodes that work beside the reading take their time from it, and are in its rate.
        return .seconds(max(reading, load.seconds) + later, then: then.sorted())
    }

    /// What models have to do, each beside the others.
    private struct Load {
        /// By model: the seconds of work that can be done while explanations come, and of what comes after the last.
        private var models: [String: (first: Double, afterwards: Double)] = [:]
        /// The models that explain.
        private var explaining: Set<String> = []

        mutating func add(_ jobs: JobsAhead.Count, each: Double, at model: String, explains: Bool) {
            models[model, default: (0, 0)].first += each * jobs.first
            models[model, default: (0, 0)].afterwards += each * jobs.afterwards
            if explains { explaining.insert(model) }
        }

        /// The seconds until all is done.
        var seconds: Double {
            // No score comes before its explanation.
            let explained = explaining.compactMap { models[$0]?.first }.max() ?? 0
            return models.values.map { max($0.first, explained) + $0.afterwards }.max() ?? 0
        }
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
}
