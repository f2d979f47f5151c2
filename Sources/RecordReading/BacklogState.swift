import Running

/// The rules of a backlog, without locks or tasks.
struct BacklogState {
    private struct Stage {
        /// Tokens that have passed and that it has not done.
        var left = 0
        var rate = RecentRate()
    }

    /// The seconds of a core that may be left when more passes.
    private let allowance: Double
    private var stages: [String: Stage] = [:]

    init(allowance: Double) { self.allowance = allowance }

    mutating func expect(_ node: String) { stages[node] = Stage() }

    mutating func pass(tokens: Int) {
        for node in stages.keys { stages[node]?.left += tokens }
    }

    mutating func worked(_ node: String, tokens count: Int, for seconds: Double) {
        guard var stage = stages[node], count > 0 else { return }
        stage.left = max(stage.left - count, 0)
        stage.rate.add(tokens: count, seconds: seconds)
        stages[node] = stage
    }

    /// The seconds of a core that all stages together take for a token, as far as they are known.
    var secondsPerToken: Double { stages.values.reduce(0) { $0 + ($1.rate.secondsPerToken ?? 0) } }

    /// Whether so little is left that more may pass; of a stage that has done nothing yet, nothing may be left.
    var hasRoom: Bool {
        var seconds = 0.0
        for stage in stages.values where stage.left > 0 {
            guard let each = stage.rate.secondsPerToken else { return false }
            seconds += Double(stage.left) * each
        }
        return seconds <= allowance
    }
}
