import Elements

/// What a score node does next, in order: one step is begun when what the step before it asked for has been carried
/// out.
struct ScoreSteps: Sendable {
    enum Step: Sendable {
        /// Score what the explanations of a node that have come call for besides: replacements, controls, what was left out.
        /// `nil` stands for all nodes.
        case settle(_ explainer: String?)
        case followReplacements
        /// Look further at comparisons that are undecided.
        case lookAgain
        case controls
        case coverage
        /// Turn to newer evidence.
        case adopt
        case take([Explanation])
        case compare([Comparison])
        /// Score explanations that were compared on the windows that decided nothing.
        case report([Explanation])
        /// Score what stands anew, since somebody asks for it.
        case scoreAgain([AskedScore])
        case passOn([JobID])
        case resolve(CascadeGate.Resolution)
        case rescore(epoch: UInt64, by: String)
        /// Look at what was being explained again when the evidence came.
        case rescoreDeferred(_ explainer: String?)
        /// Look at that of it of which it is known since what came of explaining it again.
        case rescoreReleased
        /// Leave what waits for cheaper scores to the judge.
        case endGate
    }

    /// What comparisons may have called for, by whichever node's votes they were decided.
    static let afterComparisons: [Step] = [.followReplacements, .lookAgain, .rescoreReleased]
    /// What cheaper scores may have called for besides: controls wait for them.
    static let afterCheaper = afterComparisons + [.controls]

    private var steps: [Step] = []

    /// Adds steps after all others.
    mutating func append(_ steps: [Step]) { self.steps += steps }

    /// Adds steps before all others.
    mutating func insert(_ steps: [Step]) { self.steps.insert(contentsOf: steps, at: 0) }

    /// Takes the next step out.
    mutating func next() -> Step? { steps.isEmpty ? nil : steps.removeFirst() }

    /// Whether there is evidence to score on.
    var hasEvidence = false
    /// Whether nothing more comes from the nodes before this one.
    var isEnded = false
    /// Whether the process is stopping: what is owed comes again at the next start.
    var isStopping = false
    /// Whether the node takes no more steps.
    var isClosed = false
}
