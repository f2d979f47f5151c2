/// The rules of a backlog, without locks or tasks.
struct BacklogState {
    private struct Stage {
        /// Tokens that have passed and that it has not done.
        var left = 0
        var tokens = 0.0
        var seconds = 0.0

        /// `nil` before the first batch.
        var secondsPerToken: Double? { tokens > 0 ? seconds / tokens : nil }
    }

    /// What a batch weighs after the next one, so that a rate from a busy machine is soon forgotten.
    private static let memory = 0.75

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
        stage.tokens = stage.tokens * Self.memory + Double(count)
        stage.seconds = stage.seconds * Self.memory + max(seconds, 0)
        stages[node] = stage
    }

    /// The seconds of a core that all stages together take for a token, as far as they are known.
    var secondsPerToken: Double { stages.values.reduce(0) { $0 + ($1.secondsPerToken ?? 0) } }

    /// Whether so little is left that more may pass; of a stage that has done nothing yet, nothing may be left.
    var hasRoom: Bool {
        var seconds = 0.0
        for stage in stages.values where stage.left > 0 {
            guard let each = stage.secondsPerToken else { return false }
            seconds += Double(stage.left) * each
        }
        return seconds <= allowance
    }
}
