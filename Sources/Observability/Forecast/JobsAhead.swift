/// The jobs that nodes have before them, also those that nobody has planned yet: scores of explanations that are still to be
/// made, and controls, which are planned once the last explanation has come.
struct JobsAhead: Sendable {
    /// The jobs that are left of a node.
    struct Count: Sendable, Hashable {
        /// Those that can be done while explanations come.
        var first: Double
        /// Those that come after the last explanation.
        var afterwards = 0.0

        /// All of them.
        var all: Double { first + afterwards }
    }

    /// The seconds after the last explanation, or the last job planned, after which no more are expected.
    private static let settling = 15.0
    /// The explanations after which it is known how many of them a node takes.
    private static let enough = 20

    private let expected: [String: TimeLeft.Expectation]
    /// By score node: the jobs of earlier processes, which were there before the first explanation of this one.
    private var resumed: [String: Int] = [:]
    /// By score node: the jobs planned in this process and before it, and since when no more have come.
    private var planned: [String: (jobs: Int, since: Double)] = [:]
    /// By score node: the share of the explanations expected that it takes, since latents may be passed over.
    private var yields: [String: Double] = [:]

    /// Takes what is expected of nodes, and what an earlier expectation knew of the jobs of earlier processes: once explanations
    /// have been made, it cannot be seen any more.
    init(expecting expected: [String: TimeLeft.Expectation], after earlier: JobsAhead? = nil) {
        self.expected = expected
        resumed = earlier?.resumed ?? [:]
    }

    /// Takes in a moment, the later one last.
    mutating func note(_ moment: RunMoment) {
        for (node, expectation) in expected where !expectation.explainers.isEmpty {
            let (made, coming) = explanations(for: expectation, in: moment)
            let work = moment.work[node] ?? RunMoment.Work(done: 0, waiting: 0)
            let jobs = work.done + work.waiting
            if made == 0 { resumed[node] = max(resumed[node] ?? 0, jobs) }
            if planned[node].map({ $0.jobs != jobs || coming > 0 }) ?? true {
                planned[node] = (jobs, moment.seconds)
            }
            // Before the last explanation there are no controls among them.
            let taken = share(expectation) * Double(made)
            if made >= Self.enough, coming > 0, taken > 0 {
                yields[node] = min(1, Double(jobs - (resumed[node] ?? 0)) / taken)
            }
        }
    }

    /// What a node has before it at the latest moment; all that is expected of it, if nothing is known of it yet.
    func count(of node: String, in moment: RunMoment) -> Count {
        let work = moment.work[node]
        // Jobs under way are taken to be half done.
        let waiting = work.map { Double($0.waiting) - Double($0.underWay) / 2 } ?? 0
        guard let expectation = expected[node], work?.isOver != true else { return Count(first: waiting) }
        guard hasBegun(node, in: moment) else {
            return Count(first: Double(expectation.jobs), afterwards: Double(expectation.controls))
        }
        let (made, coming) = explanations(for: expectation, in: moment)
        // One that explains, or whose jobs were planned by an earlier process.
        guard made + coming > 0 else { return Count(first: waiting) }
        if coming == 0, let planned = planned[node], moment.seconds - planned.since >= Self.settling {
            return Count(first: waiting)
        }
        let own = share(expectation) * Double(made + coming) * (yields[node] ?? 1)
        // A control needs another latent's explanation.
        let controls = own < 2 ? 0 : min(Double(expectation.controls), own)
        let jobs = Double((planned[node]?.jobs ?? 0) - (resumed[node] ?? 0))
        let unplanned = max(0, own + controls - jobs)
        return Count(first: waiting + max(0, unplanned - controls), afterwards: min(unplanned, controls))
    }

    /// Whether a node has begun, or those that it comes after have.
    func hasBegun(_ node: String, in moment: RunMoment) -> Bool {
        if let work = moment.work[node], work.done + work.waiting > 0 { return true }
        guard let expectation = expected[node] else { return false }
        let (made, coming) = explanations(for: expectation, in: moment)
        return made + coming > 0
    }

    /// The explanations that have been made for a score node, and that are being made.
    private func explanations(
        for expectation: TimeLeft.Expectation, in moment: RunMoment
    ) -> (made: Int, coming: Int) {
        let works = expectation.explainers.compactMap { moment.work[$0] }
        return (works.reduce(0) { $0 + $1.done }, works.reduce(0) { $0 + $1.waiting })
    }

    /// The share of explanations whose latents a score node takes, as far as the topology tells.
    private func share(_ expectation: TimeLeft.Expectation) -> Double {
        let all = expectation.explainers.reduce(0) { $0 + (expected[$1]?.jobs ?? 0) }
        return all > 0 ? min(1, Double(expectation.jobs) / Double(all)) : 1
    }
}
