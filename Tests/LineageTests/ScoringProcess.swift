import Elements

@testable import Lineage

/// What was scored, whatever the order.
struct Asked: Hashable {
    let explanation: JobID
    let own: JobID
    let isControl: Bool
    let part: WindowPart
    /// The evidence on which it was found; `nil` for a control.
    var epoch: UInt64?

    var onAnyEvidence: Asked {
        var asked = self
        asked.epoch = nil
        return asked
    }
}

/// A process in which a score node does at once what it is asked.
struct ScoringProcess {
    let settings: ScoreNodeSettings
    var lineage = Lineage()
    /// How often each score was asked for.
    var asked: [Asked: Int] = [:]
    private var incoming: UInt64 = 0
    private var latest: UInt64 = 0

    init(_ settings: ScoreNodeSettings, explainers: [String]) {
        self.settings = settings
        for explainer in explainers {
            lineage.restore(explainer: explainer, rule: ReexplanationRule(), explanations: [], choices: [])
        }
        lineage.restore(scorer: settings, reading: explainers, scores: [])
    }

    mutating func make(_ explanations: [Explanation]) {
        for explanation in explanations { _ = lineage.handle(.explained([explanation]), at: explanation.node) }
    }

    mutating func ask(again latents: [Int], of explainer: String) {
        _ = lineage.handle(.asked(latents), at: explainer)
    }

    mutating func tell(_ event: ScoreEvent) {
        switch event {
        case .explanations(_, let epoch), .evidence(let epoch, _): incoming = epoch
        default: break
        }
        carryOut(event)
        // The end waits for what comparisons call for.
        while case .ended = event, lineage.prospect(of: settings.node) == .work { carryOut(.woken) }
    }

    private mutating func carryOut(_ event: ScoreEvent) {
        var actions = lineage.handle(event, at: settings.node)
        while !actions.isEmpty {
            for action in actions { perform(action) }
            actions = lineage.handle(.done, at: settings.node)
        }
    }

    private mutating func perform(_ action: ScoreAction) {
        let epoch = latest
        let update = EvidenceUpdate(view: CountedView { _ in 100 << epoch }, epoch: latest, isCaughtUp: true)
        switch action {
        case .adopt: latest = incoming
        case .score(let requests): score(requests.map { $0.founded(on: update) })
        case .look(let outlook):
            for action in lineage.handle(.looked(outlook.findings(on: update)), at: settings.node) { perform(action) }
        case .settle, .record, .passOn, .note, .dismiss: break
        }
    }

    private mutating func score(_ requests: [ScoreRequest]) {
        for request in requests {
            let one = Asked(
                explanation: request.explanation.job, own: request.own.job, isControl: request.control != nil,
                part: request.part, epoch: request.round?.epoch)
            asked[one, default: 0] += 1
        }
        let scores = requests.map { request in
            let plain = Score(
                job: request.explanation.job, node: settings.node, method: "execution", coder: Fixture.coder,
                latent: request.own.latent, explanation: request.explanation.job,
                explainedBy: request.explanation.node, text: request.explanation.text,
                headline: Fixture.estimate(value(of: request.explanation)), details: [:], judged: 40, failed: 0,
                tokensIn: 0, tokensOut: 0, control: request.control)
            return request.round.map { plain.noted(in: $0) } ?? plain
        }
        let planned = scores.map(PlannedScore.init)
        _ = lineage.handle(.worked(requests, planned), at: settings.node)
        for event in [ScoreEvent.recorded(scores), .finished(requests, planned)] {
            for action in lineage.handle(event, at: settings.node) { perform(action) }
        }
    }

    private func value(of explanation: Explanation) -> Double {
        switch explanation.text {
        case "better": 0.9
        case "worse": 0.3
        default: 0.6
        }
    }
}
