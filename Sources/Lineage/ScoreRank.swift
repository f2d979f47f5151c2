import Elements

/// Which of an explanation's scores by one node is its headline: the highest.
///
/// Once it has been compared, that is one on the windows that decided nothing, however much later another was made.
struct ScoreRank: Sendable, Hashable, Comparable {
    private let isReporting: Bool
    private let epoch: UInt64

    init(_ score: Score) {
        isReporting = score.round?.isReporting ?? false
        epoch = score.round?.epoch ?? 0
    }

    static func < (left: ScoreRank, right: ScoreRank) -> Bool {
        left.isReporting == right.isReporting ? left.epoch < right.epoch : right.isReporting
    }
}
