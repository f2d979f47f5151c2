package import Elements

/// What has become of an explanation.
package enum Standing: Sendable, Hashable {
    /// It stands.
    case incumbent
    /// It was made again and is being compared with what stands.
    case challenger
    /// It stood until a challenger took its place.
    case replaced
    /// It challenged what stands and did not take its place.
    case rejected
}

/// What has become of each explanation, by what was decided: the one rule that says which of them stand.
///
/// It does not depend on the order in which explanations and choices are taken in.
package struct Incumbents: Sendable, Hashable {
    private var standings: [JobID: Standing] = [:]
    /// Explanations that were scored beside another on a part of the windows.
    private var compared: Set<JobID> = []
    /// Challengers that were decided on without a test, by scores that were headlines too.
    private var untested: Set<JobID> = []

    /// Takes in what was stored.
    package init(explanations: [Explanation] = [], choices: [Choice] = []) {
        standings.reserveCapacity(explanations.count)
        for choice in choices { decide(choice) }
        for explanation in explanations { add(explanation) }
    }

    /// What has become of an explanation; `nil` if it is not known.
    package subscript(job: JobID) -> Standing? { standings[job] }

    /// Whether an explanation is known and does not stand.
    package func isPast(_ job: JobID) -> Bool { standings[job].map { $0 != .incumbent } ?? false }

    /// Whether an explanation was scored beside another on a part of the windows, so that its headline comes from the
    /// rest.
    package func wasCompared(_ job: JobID) -> Bool { compared.contains(job) }

    /// Whether scores of a comparison count as those of the explanation: in a version that did not test, there were no others.
    package func countsScores(ofComparison challenger: JobID) -> Bool { untested.contains(challenger) }

    /// Takes in an explanation: a latent's first one stands, any other challenges until it is decided on.
    package mutating func add(_ explanation: Explanation) {
        add(explanation.job, isChallenger: explanation.provenance.again != nil)
    }

    /// Takes in an explanation of which no more is known than whether it was made again.
    package mutating func add(_ explanation: JobID, isChallenger: Bool) {
        guard standings[explanation] == nil else { return }
        standings[explanation] = isChallenger ? .challenger : .incumbent
    }

    /// Takes in a choice.
    package mutating func decide(_ choice: Choice) {
        if choice.scores.contains(where: { $0.look != nil }) {
            compared.formUnion([choice.standing, choice.challenger])
        } else if !choice.scores.isEmpty {
            untested.insert(choice.challenger)
        }
        decide(between: choice.standing, and: choice.challenger, choice.outcome)
    }

    /// Takes in a choice of which no more is known than what came of it.
    package mutating func decide(between standing: JobID, and challenger: JobID, _ outcome: ChoiceOutcome) {
        switch outcome {
        case .replaced:
            standings[standing] = .replaced
            // A challenger that has been replaced in its turn is history, whichever choice is read first.
            if standings[challenger] != .replaced { standings[challenger] = .incumbent }
        case .kept, .confirmed:
            if standings[challenger] != .incumbent { standings[challenger] = .rejected }
        }
    }
}
