/// What jobs take of the time of whatever does them: of a model that several nodes may ask, or of the node itself.
///
/// Nodes that ask the same model hold each other up, and go on faster once one of them is through. So a job does not count as long as
/// it is under way: each moment of the model is divided evenly among the jobs that are under way there, and a job costs what its
/// node was given, over the jobs that were done for that.
struct JobPace: Sendable {
    /// Sums over time, in seconds, and what was done, up to a moment.
    private struct Sums: Sendable {
        var seconds = 0.0
        /// By node: the jobs done, those under way for half.
        var done: [String: Double] = [:]
        /// By node: the jobs that are over.
        var over: [String: Int] = [:]
        /// By node: the time with a job before it.
        var occupied: [String: Double] = [:]
        /// By node: its share of the model's time, by its share of the jobs under way there.
        var given: [String: Double] = [:]
    }

    /// The least seconds that a cost is taken from.
    private static let shortest = 60.0
    /// The least jobs that a cost is taken from.
    private static let fewest = 16
    /// The seconds after which it is taken from fewer jobs.
    private static let longest = 600.0
    /// The seconds between two sums that are kept.
    private static let spacing = 5.0

    private var kept: [Sums] = []
    private var now = Sums()
    private var last: RunMoment?
    private var costs: [String: Double] = [:]

    /// The seconds that a node's job takes of its model's time; `nil` before one is done.
    func cost(of node: String) -> Double? { costs[node] }

    /// Takes in a moment, the later one last.
    ///
    /// - Parameter model: What does a node's jobs.
    mutating func note(_ moment: RunMoment, model: (_ node: String) -> String) {
        add(moment, model)
        if kept.last.map({ now.seconds - $0.seconds >= Self.spacing }) ?? true { kept.append(now) }
        while kept.count > 2, kept[1].seconds <= now.seconds - Self.longest { kept.removeFirst() }
        for node in moment.work.keys {
            if let cost = measured(node) { costs[node] = cost }
        }
        last = moment
    }

    private mutating func add(_ moment: RunMoment, _ model: (_ node: String) -> String) {
        let passed = last.map { max(0, moment.seconds - $0.seconds) } ?? 0
        var models: [String: Int] = [:]
        let before = last?.work ?? [:]
        for (node, work) in before { models[model(node), default: 0] += work.underWay }
        for (node, work) in before {
            if work.waiting > 0 { now.occupied[node, default: 0] += passed }
            guard work.underWay > 0, let atModel = models[model(node)] else { continue }
            now.given[node, default: 0] += passed * Double(work.underWay) / Double(atModel)
        }
        now.seconds = moment.seconds
        for (node, work) in moment.work {
            now.over[node] = work.done
            now.done[node] = Double(work.done) + Double(work.underWay) / 2
        }
    }

    /// The cost over the last minute, or over as long as it takes until enough jobs are done.
    private func measured(_ node: String) -> Double? {
        guard let over = now.over[node] else { return nil }
        let recent = kept.last { sums in
            now.seconds - sums.seconds >= Self.shortest && over - (sums.over[node] ?? 0) >= Self.fewest
        }
        guard let before = recent ?? kept.first, over > before.over[node] ?? 0 else { return nil }
        let count = (now.done[node] ?? 0) - (before.done[node] ?? 0)
        guard count > 0 else { return nil }
        func difference(_ sum: KeyPath<Sums, [String: Double]>) -> Double {
            (now[keyPath: sum][node] ?? 0) - (before[keyPath: sum][node] ?? 0)
        }
        // Work that is done at once, or too short to be seen under way, has its node's time for itself.
        let given = difference(\.given)
        let time = given > 0 ? given : difference(\.occupied)
        return time > 0 ? time / count : nil
    }
}
