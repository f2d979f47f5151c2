import Elements
import Lineage

/// What a person asks of the world.
struct AskedWorld {
    enum Asked {
        case label(latent: Int)
        case explanation(latent: Int)
        case pin(latent: Int)
        case score(latent: Int)
    }

    let id: RequestID
    let asked: Asked
}

/// An explain node and score nodes whose actions are carried out at once, on a disk that outlives them.
struct World {
    /// The process was killed.
    struct Killed: Error {}

    /// What is on disk.
    struct Disk {
        var explanations: [Explanation] = []
        var scores: [Score] = []
        var choices: [Choice] = []
        var pins: Set<JobID> = []
        var requests: [AskedWorld] = []
        /// How often each request was done.
        var done: [RequestID: Int] = [:]
        /// The next write that kills the process, before it is done; `nil` for never.
        var killsAt: Int?
        private var writes = 0

        mutating func write() throws {
            writes += 1
            if writes == killsAt { throw Killed() }
        }

        var count: Int { writes }

        /// A request is done, in the write before.
        mutating func finish(_ request: RequestID) {
            requests.removeAll { $0.id == request }
            done[request, default: 0] += 1
        }
    }

    let settings: [ScoreNodeSettings]
    /// What a score node gives an explanation; `nil` if it cannot score it.
    let value: (String, Explanation) -> Double?
    private(set) var lineage = Lineage()
    var disk = Disk()
    private(set) var epoch: UInt64 = 0
    private var hasToldStored = false

    init(_ settings: [ScoreNodeSettings], value: @escaping (String, Explanation) -> Double?) {
        self.settings = settings
        self.value = value
        restore()
    }

    /// Begins a process on what is on disk.
    mutating func restore() {
        lineage = Self.restored(settings, disk)
        hasToldStored = false
    }

    /// Does something, in as many processes as it takes: each that is killed is followed by another, which begins anew.
    mutating func whateverKillsIt(_ body: (inout World) throws -> Void) throws {
        while true {
            do { return try body(&self) } catch is Killed { restore() }
        }
    }

    static func restored(_ settings: [ScoreNodeSettings], _ disk: Disk) -> Lineage {
        var lineage = Lineage()
        lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(), explanations: disk.explanations, choices: disk.choices,
            pinned: disk.pins)
        for settings in settings {
            lineage.restore(
                scorer: settings, reading: ["lexical"], scores: disk.scores.filter { $0.node == settings.node })
        }
        return lineage
    }

    /// One barrier: explanations are made of new evidence, then all score nodes see to it.
    mutating func advance(to epoch: UInt64, explaining made: [Explanation]) throws {
        self.epoch = epoch
        if !hasToldStored {
            hasToldStored = true
            let stored = lineage.current(of: "lexical")
            if !stored.isEmpty { try tell(.explanations(stored, epoch: epoch)) }
        }
        for explanation in made where !disk.explanations.contains(explanation) { try admit(explanation) }
        try tell(.settled(epoch: epoch, by: "lexical"))
        try tell(.evidence(epoch: epoch, by: "lexical"))
        // Which latents' explanations are exchanged depends on which there are by then: what the last look has decided is followed
        // up before others come.
        try tell(.settled(epoch: epoch, by: "lexical"))
    }

    /// An explanation has been made, of a request or of none.
    private mutating func admit(_ explanation: Explanation, of request: RequestID? = nil) throws {
        for action in lineage.handle(.explained([explanation]), at: "lexical") {
            switch action {
            case .record(let explanations, let choices):
                try disk.write()
                disk.explanations += explanations
                disk.choices += choices
                if let request { disk.finish(request) }
            case .passOn(let explanations): try tell(.explanations(explanations, epoch: epoch))
            case .look, .explain, .dismiss, .pin: break
            }
        }
    }

    /// The nodes do what persons have asked for and is not done yet.
    mutating func takeRequests() throws {
        for request in disk.requests {
            switch request.asked {
            case .label(let latent):
                let again = lineage.incumbent(of: latent, by: "lexical").map {
                    ExplainedAgain(standing: $0.job, reason: .labelled)
                }
                try admit(explanation(of: request, latent, again), of: request.id)
            case .explanation(let latent):
                let asked = AskedExplanation(request: request.id, latent: latent)
                for action in lineage.handle(.requested([asked]), at: "lexical") {
                    switch action {
                    case .explain(let requests):
                        for one in requests { try admit(explanation(of: request, latent, one.again), of: one.request) }
                    case .dismiss(let requests): try dismiss(requests)
                    case .look, .record, .passOn, .pin: break
                    }
                }
            case .pin(let latent):
                guard let standing = lineage.incumbent(of: latent, by: "lexical") else {
                    try dismiss([request.id])
                    continue
                }
                for case .pin(let job, let choices) in lineage.handle(
                    .pinned(standing.job, latent: latent), at: "lexical")
                {
                    try disk.write()
                    disk.pins.insert(job)
                    disk.choices += choices
                    disk.finish(request.id)
                }
            case .score(let latent):
                for node in settings.map(\.node).prefix(1) {
                    let asked = AskedScore(request: request.id, node: node, explainedBy: "lexical", latent: latent)
                    try tell(.asked([asked]), at: node)
                }
            }
        }
    }

    private func explanation(of request: AskedWorld, _ latent: Int, _ again: ExplainedAgain?) -> Explanation {
        Fixture.explanation(
            10_000 + UInt64(request.id), latent: latent, text: "words \(request.id)", windows: 100 << epoch,
            epoch: epoch,
            again: again)
    }

    private mutating func dismiss(_ requests: [RequestID]) throws {
        guard !requests.isEmpty else { return }
        try disk.write()
        for request in requests { disk.finish(request) }
    }

    /// The input ends; the nodes go on as long as there is something to do for one of them.
    mutating func end() throws {
        try tell(.ended)
        try wake()
    }

    /// The nodes see to what comparisons have called for, until there is nothing.
    mutating func wake() throws {
        while let node = settings.map(\.node).first(where: { lineage.prospect(of: $0) == .work }) {
            try tell(.woken, at: node)
        }
    }

    private mutating func tell(_ event: ScoreEvent) throws {
        for node in settings.map(\.node) { try tell(event, at: node) }
    }

    private mutating func tell(_ event: ScoreEvent, at node: String) throws {
        var actions = lineage.handle(event, at: node)
        while !actions.isEmpty {
            for action in actions { try perform(action, at: node) }
            actions = lineage.handle(.done, at: node)
        }
    }

    private var update: EvidenceUpdate {
        EvidenceUpdate(view: CountedView { [epoch] _ in 100 << epoch }, epoch: epoch, isCaughtUp: true)
    }

    private mutating func perform(_ action: ScoreAction, at node: String) throws {
        switch action {
        case .score(let requests):
            // Two at a time, so that the scores of a comparison are written together.
            for start in stride(from: 0, to: requests.count, by: 2) {
                try score(Array(requests[start..<min(start + 2, requests.count)]), at: node)
            }
        case .record(let choices): try record(choices)
        case .look(let outlook):
            for action in lineage.handle(.looked(outlook.findings(on: update)), at: node) {
                try perform(action, at: node)
            }
        case .dismiss(let requests): try dismiss(requests)
        case .adopt, .settle, .passOn, .note: break
        }
    }

    private mutating func score(_ requests: [ScoreRequest], at node: String) throws {
        let founded = requests.map { $0.founded(on: update) }
        let scores = founded.compactMap { request -> Score? in
            value(node, request.explanation).map { score(request, $0, at: node) }
        }
        let planned = scores.map(PlannedScore.init)
        _ = lineage.handle(.worked(founded, planned), at: node)
        let asked = Set(founded.compactMap(\.request)).sorted()
        if !scores.isEmpty || !asked.isEmpty { try disk.write() }
        disk.scores += scores
        for request in asked { disk.finish(request) }
        for event in [ScoreEvent.recorded(scores), .finished(founded, planned)] {
            for action in lineage.handle(event, at: node) { try perform(action, at: node) }
        }
    }

    private mutating func record(_ choices: [Choice]) throws {
        try disk.write()
        disk.choices += choices
    }

    private func score(_ request: ScoreRequest, _ value: Double, at node: String) -> Score {
        let plain = Score(
            job: Fixture.hash(UInt64(disk.scores.count) + 1_000_000), node: node, method: "execution",
            coder: Fixture.coder, latent: request.own.latent, explanation: request.explanation.job,
            explainedBy: request.explanation.node, text: request.explanation.text, headline: Fixture.estimate(value),
            details: [:], judged: 40, failed: 0, tokensIn: 0, tokensOut: 0, control: request.control)
        return request.round.map { plain.noted(in: $0) } ?? plain
    }
}
