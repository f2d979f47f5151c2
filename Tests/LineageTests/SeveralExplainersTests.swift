import Elements
import Testing

@testable import Lineage

/// A score node that reads several explain nodes, of which any may be the faster one.
@Suite struct SeveralExplainersTests {
    /// What comes to the score node from one node, in its order.
    private typealias Stream = [ScoreEvent]

    private static let explainers = ["lexical", "prose"]

    private func explanation(_ number: UInt64, by node: String) -> Explanation {
        Fixture.explanation(number + (node == "prose" ? 50 : 0), latent: Int(number), node: node)
    }

    /// What a node that explains at once tells: its explanations, that these are all, and the evidence.
    private func quick(_ latents: [UInt64], at epoch: UInt64) -> Stream {
        [
            .explanations(latents.map { explanation($0, by: "lexical") }, epoch: epoch),
            .settled(epoch: epoch, by: "lexical"), .evidence(epoch: epoch, by: "lexical"),
        ]
    }

    /// What a node tells that asks a model: the evidence, and an explanation now and then.
    private func slow(_ latents: [UInt64], at epoch: UInt64) -> Stream {
        [.evidence(epoch: epoch, by: "prose")]
            + latents.map { .explanations([explanation($0, by: "prose")], epoch: epoch) }
    }

    /// The streams as one, each in its own order.
    private func mixed(_ streams: [Stream], _ draws: inout Draws) -> Stream {
        var (left, all) = (streams.map { $0[...] }, Stream())
        while left.contains(where: { !$0.isEmpty }) {
            let open = left.indices.filter { !left[$0].isEmpty }
            all.append(left[open[Int(draws.next(UInt64(open.count)))]].removeFirst())
        }
        return all
    }

    /// Everything that a node scores of what comes and of the end.
    private func scored(_ events: Stream, _ settings: ScoreNodeSettings) -> [Asked: Int] {
        var process = ScoringProcess(settings, explainers: Self.explainers)
        for event in events + [.ended] { process.tell(event) }
        return process.asked
    }

    @Test func whatIsScoredDoesNotDependOnWhichOfThemIsFaster() {
        var settings = Fixture.settings()
        settings.controls = 2
        settings.rounds = RoundRule(rescore: 2, recent: false)
        let streams = [
            quick([1, 2, 3, 4, 5], at: 1) + quick([6, 7], at: 2), slow([1, 2, 3, 4, 5, 6], at: 1) + slow([7], at: 2),
        ]
        let expected = scored(streams.flatMap(\.self), settings)
        let controls = expected.keys.filter(\.isControl)
        #expect(controls.count == 4 && expected.values.allSatisfy { $0 == 1 })
        // What the first evidence explained is scored on it and on the next, and what the next explained on that alone.
        #expect(expected.keys.count { !$0.isControl && $0.epoch == 1 } == 11)
        #expect(expected.keys.count { !$0.isControl && $0.epoch == 2 } == 14)
        for seed in 0..<200 as Range<UInt64> {
            var draws = Draws(state: seed)
            #expect(scored(mixed(streams, &draws), settings) == expected, "seed \(seed)")
        }
    }

    /// Prose of latents 1 to 4 is made again of the second evidence: the same for 1, better for 2, worse for 3; it fails for 4.
    @Test func whatIsExplainedAgainIsScoredTheSameWheneverItsExplanationComes() {
        var settings = Fixture.settings()
        settings.controls = 0
        settings.rounds = RoundRule(rescore: 2, recent: false)
        let first = (1...5).map { explanation($0, by: "prose") }
        let again = zip([first[0].text, "better", "worse"], first).map { text, standing in
            Fixture.explanation(
                UInt64(standing.latent) + 90, latent: standing.latent, text: text, windows: 400, epoch: 2,
                again: ExplainedAgain(standing: standing.job, reason: .grown), node: "prose")
        }
        /// One run, in which each explanation made again comes to be known at one of the given places, and to the score node later.
        func run(_ draws: inout Draws) -> [Asked: Int] {
            var process = ScoringProcess(settings, explainers: Self.explainers)
            process.make(first)
            process.tell(.explanations(first, epoch: 1))
            process.tell(.evidence(epoch: 1, by: "prose"))
            process.ask(again: [1, 2, 3, 4], of: "prose")
            var told: Stream = [.evidence(epoch: 2, by: "prose")] + again.map { .explanations([$0], epoch: 2) }
            var made = again
            while !told.isEmpty {
                if !made.isEmpty, draws.next(2) == 0 { process.make([made.removeFirst()]) }
                guard draws.next(2) == 0 else { continue }
                // What is told of has been made.
                if told.count == made.count { process.make([made.removeFirst()]) }
                process.tell(told.removeFirst())
            }
            process.tell(.ended)
            return process.asked
        }
        var draws = Draws(state: 0)
        let expected = run(&draws)
        // On the second evidence: what was confirmed, failed or was not explained again; two comparisons; and what stands after them.
        #expect(expected.keys.count { $0.epoch == 1 } == 5 && expected.values.allSatisfy { $0 == 1 })
        let second = expected.keys.filter { $0.epoch == 2 }
        let whole = second.filter { $0.part == .all }.map(\.explanation)
        #expect(Set(whole) == Set([first[0], first[3], first[4]].map(\.job)))
        let reported = second.filter { $0.part == .reporting }.map(\.explanation)
        #expect(Set(reported) == [again[1].job, first[2].job] && second.count == 3 + 2 * 2 + 2)
        for seed in 1..<200 as Range<UInt64> {
            var draws = Draws(state: seed)
            #expect(run(&draws) == expected, "seed \(seed)")
        }
    }

    /// Prose of latent 3 is made again of the second evidence and of the third, each time worse: whether its scores are headlines or
    /// not, what stands is scored on each evidence.
    @Test(arguments: [true, false])
    func whatStoodEveryComparisonIsScoredAgainWheneverTheyEnd(scoresExplanations: Bool) {
        var settings = Fixture.settings()
        settings.controls = 0
        settings.rounds = RoundRule(rescore: 2, recent: false)
        settings.scoresExplanations = scoresExplanations
        let first = (1...4).map { explanation($0, by: "prose") }
        func run(_ draws: inout Draws) -> [Asked: Int] {
            var process = ScoringProcess(settings, explainers: Self.explainers)
            process.make(first)
            process.tell(.explanations(first, epoch: 1))
            process.tell(.evidence(epoch: 1, by: "prose"))
            for epoch in 2...3 as ClosedRange<UInt64> {
                let challenger = Fixture.explanation(
                    80 + epoch, latent: 3, text: "worse", windows: 100 << epoch, epoch: epoch,
                    again: ExplainedAgain(standing: first[2].job, reason: .grown), node: "prose")
                process.ask(again: [3], of: "prose")
                // It is made before the evidence is told of or after it, and told of once it is made.
                let isEarly = draws.next(2) == 0
                if isEarly { process.make([challenger]) }
                process.tell(.evidence(epoch: epoch, by: "prose"))
                if !isEarly { process.make([challenger]) }
                process.tell(.explanations([challenger], epoch: epoch))
            }
            process.tell(.ended)
            return process.asked
        }
        var draws = Draws(state: 0)
        let expected = run(&draws)
        let standing = expected.keys.filter { $0.explanation == first[2].job && $0.part != .deciding(look: 1) }
        #expect(Set(standing.compactMap(\.epoch)) == [1, 2, 3] && standing.count == 3)
        #expect(standing.allSatisfy { ($0.part == .reporting) == (scoresExplanations && $0.epoch != 1) })
        #expect(expected.values.allSatisfy { $0 == 1 })
        for seed in 1..<50 as Range<UInt64> {
            var draws = Draws(state: seed)
            #expect(run(&draws) == expected, "seed \(seed)")
        }
    }

    @Test func whatComesLateOfOlderEvidenceSettlesNothing() {
        var settings = Fixture.settings()
        settings.controls = 2
        var process = ScoringProcess(settings, explainers: Self.explainers)
        process.tell(.explanations([explanation(1, by: "prose")], epoch: 1))
        process.tell(.evidence(epoch: 2, by: "prose"))
        for (latents, epoch) in [([2, 3], 1), ([4], 1), ([5, 6], 2)] as [([UInt64], UInt64)] {
            process.tell(.explanations(latents.map { explanation($0, by: "prose") }, epoch: epoch))
            #expect(process.asked.keys.count(where: \.isControl) == 0)
        }
        process.tell(.evidence(epoch: 3, by: "prose"))
        #expect(process.asked.keys.count(where: \.isControl) == 2)
    }

    /// What the cheaper node has nothing to do with is said to be considered, or it would be waited for to the end.
    @Test func whatReplacesAnotherIsPassedOnByANodeThatDoesNotTakeIt() {
        var lineage = Lineage()
        let (standing, other) = (explanation(3, by: "lexical"), explanation(4, by: "lexical"))
        let label = Fixture.explanation(
            80, latent: 3, text: "better", again: ExplainedAgain(standing: standing.job, reason: .labelled))
        lineage.restore(explainer: "lexical", rule: ReexplanationRule(), explanations: [standing, other], choices: [])
        lineage.restore(scorer: Fixture.settings("executed", latents: [4]), reading: ["lexical"], scores: [])
        _ = lineage.handle(.explanations([standing, other], epoch: 1), at: "executed")
        while case let actions = lineage.handle(.done, at: "executed"), !actions.isEmpty {}
        _ = lineage.handle(.explained([label]), at: "lexical")
        var passedOn: [JobID] = []
        var actions = lineage.handle(.woken, at: "executed")
        while !actions.isEmpty {
            for case .passOn(let jobs) in actions { passedOn += jobs }
            actions = lineage.handle(.done, at: "executed")
        }
        #expect(passedOn == [label.job])
    }

    @Test func controlsWaitForTheCheaperScoresOfWhatTheyAreDrawnFrom() {
        var settings = Fixture.settings("judged")
        settings.controls = 2
        settings.gate = CascadeGate(gates: ["executed"], below: 0.3, above: 0.9)
        let cheaper: Stream = (1...9 as ClosedRange<UInt64>).flatMap { latent -> Stream in
            let job = explanation(latent, by: "lexical").job
            // Of every other one there is no score.
            return [
                latent.isMultiple(of: 2)
                    ? .considered([job], by: "executed") : .cheaper([Fixture.score(latent, 0.6, latent: Int(latent))])
            ]
        }
        let prose = (1...5).map { explanation($0, by: "prose").job }
        let streams = [
            quick([1, 2, 3, 4, 5], at: 1) + quick([6, 7, 8, 9], at: 2), slow([1, 2, 3, 4, 5], at: 1),
            cheaper + [.considered(prose, by: "executed")],
        ]
        /// Whatever the evidence: what waits for cheaper scores is judged on what is the latest then.
        func judged(_ events: Stream) -> [Asked: Int] {
            Dictionary(scored(events, settings).map { ($0.key.onAnyEvidence, $0.value) }, uniquingKeysWith: +)
        }
        let expected = judged(streams.flatMap(\.self))
        let controls = expected.keys.filter(\.isControl)
        #expect(controls.count == 4 && expected.count == 18)
        // Of the first evidence: what came with the next is none of them, however late cheaper scores come.
        let late = Set((6...9).map { explanation($0, by: "lexical").job })
        #expect(controls.allSatisfy { !late.contains($0.own) && !late.contains($0.explanation) })
        for seed in 0..<200 as Range<UInt64> {
            var draws = Draws(state: seed)
            #expect(judged(mixed(streams, &draws)) == expected, "seed \(seed)")
        }
    }
}
