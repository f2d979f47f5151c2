import Elements
import Lineage

/// The requests of persons among scores that are wanted: one may be for several explanations, and is done with the last of them.
struct AskedScores {
    /// By request: how many of its scores are still to be worked on.
    private var open: [RequestID: Int] = [:]
    private var scored: Set<RequestID> = []

    init(_ wanted: [ScoreRequest]) {
        for request in wanted.compactMap(\.request) { open[request, default: 0] += 1 }
    }

    /// Takes in scores that were worked on together, and what came of it; what is left to a later process is never taken in.
    ///
    /// - Returns: The requests that are done with that: those of which a score came, and those of which none did.
    mutating func take(
        _ worked: [ScoreRequest], _ scores: [PlannedScore]
    ) -> (scored: [RequestID], empty: [RequestID]) {
        let made = Set(scores.map(\.explanation))
        var done: [RequestID] = []
        for wanted in worked {
            guard let request = wanted.request, let count = open[request] else { continue }
            if made.contains(wanted.explanation.job) { scored.insert(request) }
            open[request] = count > 1 ? count - 1 : nil
            if count == 1 { done.append(request) }
        }
        return (done.filter(scored.contains), done.filter { !scored.contains($0) })
    }
}
