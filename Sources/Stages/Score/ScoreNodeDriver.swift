import Dataflow
import Elements
import Jobs
import Lineage
import Observability
import Running
import Scoring

/// Drives a score node: passes its input to the lineage, and carries out the lineage's requests.
package struct ScoreNodeDriver<Work: ScoreWork> {
    private let context: ScoringContext
    private let work: Work
    /// The cheaper scores that settle explanations first; `nil` if every one is scored.
    private let cascade: Cascade?
    /// The evidence that is scored on.
    private var latest: EvidenceUpdate?
    /// The evidence that came last.
    private var incoming: EvidenceUpdate?

    package init(_ context: ScoringContext, work: Work, cascade: Cascade? = nil) {
        self.context = context
        self.work = work
        self.cascade = cascade
    }

    /// Takes in a message from a node.
    package mutating func receive(_ input: JudgedInput) async throws {
        switch input {
        case .explanations(.explanations(let explanations, let update)):
            incoming = update
            try await handle(.explanations(explanations, epoch: update.epoch))
        case .explanations(.evidence(let update, let explainer)):
            incoming = update
            try await handle(.evidence(epoch: update.epoch, by: explainer))
        case .explanations(.asked(let asked)):
            try await handle(.asked(asked))
        case .explanations(.settled(let epoch, let explainer)):
            try await handle(.settled(epoch: epoch, by: explainer))
        case .scores(.scores(let scores, _)):
            try await handle(.cheaper(scores))
        case .scores(.considered(let jobs, let node)):
            try await handle(.considered(jobs, by: node))
            // Readers of readers are woken too.
            if jobs.isEmpty { try await work.wakeReaders() }
        }
    }

    /// Scores the remaining explanations after the last input, and what comparisons with other nodes' votes call for;
    /// releases caches that only this node used.
    package mutating func end() async throws {
        context.stop.whenRaised { [lineage = context.lineage, node = context.node] in
            _ = lineage.tell(.stopping, at: node)
        }
        try await handle(.ended)
        while try await context.lineage.hasMore(at: context.node) {
            try await handle(.woken)
            // Those that read this node see no end of its scores yet, and have a say in comparisons like it.
            try await work.wakeReaders()
        }
        for lease in context.leases { await lease.end() }
    }

    private mutating func handle(_ event: ScoreEvent) async throws {
        var actions = context.tell(event)
        while !actions.isEmpty {
            for action in actions { try await perform(action) }
            actions = context.tell(.done)
        }
    }

    private mutating func perform(_ action: ScoreAction) async throws {
        switch action {
        case .adopt: latest = incoming
        case .score(let requests): try await score(requests)
        case .settle(let settled):
            guard let cascade else { return }
            let scores = settled.map {
                $0.score(by: context.node, method: cascade.method, threshold: cascade.threshold)
            }
            try await context.jobStore.record(scores, by: context.node)
        case .record(let choices): try await context.jobStore.record(choices)
        case .look(let outlook):
            guard let latest else { return }
            // What a stop keeps from being looked at comes again at the next start.
            let findings = try await context.compute.run { [stop = context.stop] _ in
                stop.isRaised ? RescoreOutlook.Findings() : outlook.findings(on: latest)
            }
            for action in context.tell(.looked(findings)) { try await perform(action) }
        case .passOn(let jobs):
            if !context.stop.isRaised { try await work.passOn(jobs) }
        case .dismiss(let requests):
            try await context.jobStore.dismiss(
                requests,
                because: "\(context.node) does not score what stands, or it is being compared or was asked for twice")
        case .note(let coverage):
            guard let latest else { return }
            try await context.jobStore.noteSkipped(
                by: context.node, of: context.latents, coverage: (coverage.explained, coverage.scorable),
                view: latest.view, compute: context.compute)
        }
    }

    /// Tells how many requests are left, unless a queue of jobs does.
    private func tell(left: Int) {
        if work.isDoneAtOnce { context.jobStore.progress.waiting(left, at: context.node) }
    }

    private func score(_ wanted: [ScoreRequest]) async throws {
        guard let latest else { return }
        let wanted = try await context.compute.run { [work] _ in work.ordered(wanted, on: latest) }
        var left = wanted.count
        var asked = AskedScores(wanted)
        defer { tell(left: 0) }
        for wanted in wanted.chunks(of: work.chunk) {
            guard work.beginsAfterStop || !context.stop.isRaised else { return }
            tell(left: left)
            left -= wanted.count
            // What a request rests on is looked up for a chunk at a time, so that a stop need not wait for all.
            let chunk =
                wanted.allSatisfy { $0.control != nil }
                ? wanted : try await context.compute.run { _ in wanted.map { $0.founded(on: latest) } }
            guard let (product, scores) = try await work.make(chunk, on: latest) else {
                _ = context.tell(.worked(chunk, []))
                _ = context.tell(.left(chunk.compactMap(\.round)))
                continue
            }
            _ = context.tell(.worked(chunk, scores))
            let (scored, empty) = asked.take(chunk, scores)
            try await work.commit(product, fulfilling: scored)
            try await context.jobStore.dismiss(
                empty,
                because: "no score came of it: too few windows, the same evidence, or a failure that was told of")
            // Explanations that a stop kept from being scored come again at the next start.
            guard !context.stop.isRaised else { return }
            try await context.decide(on: .finished(chunk, scores))
        }
    }
}
