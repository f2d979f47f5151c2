import Elements
import Hashing
import Testing

@testable import Lineage

/// What a restart after any write leads to is what one process would have come to.
@Suite struct RestartTests {
    /// What is made at each of some barriers, by number of explanation: first ones, and ones that challenge what stands
    /// by then.
    private struct Script {
        let barriers: [[(latent: Int, number: UInt64, text: String)]]

        init(seed: UInt64) {
            var draws = Draws(state: seed)
            var number: UInt64 = 0
            barriers = (0..<4).map { _ in
                // A latent is asked about once at a barrier.
                var taken: Set<Int> = []
                return (0..<draws.next(4)).map { _ in
                    number += 1
                    // A few latents, so that many are explained again; a few texts, so that some are confirmed.
                    return (Int(draws.next(3)), number, "label \(draws.next(3))")
                }.filter { taken.insert($0.0).inserted }
            }
        }
    }

    /// A node that scores all, one that takes few latents, one that fails often, and one that compares nothing.
    private static let settings: [ScoreNodeSettings] = {
        var first = Fixture.settings("executed")
        first.rounds = RoundRule(rescore: 2, recent: false)
        var effects = Fixture.settings("steered")
        effects.scoresExplanations = false
        effects.pairing = .latents
        effects.controls = 1
        return [first, Fixture.settings("detected", latents: [0, 1]), Fixture.settings("meant"), effects]
    }()

    private static func value(_ node: String, _ explanation: Explanation) -> Double? {
        var draws = Draws(state: explanation.job.low &* 31 &+ UInt64(node.utf8.count))
        _ = draws.next(2)
        if node == "meant", draws.next(3) == 0 { return nil }
        return Double(draws.next(9)) / 8
    }

    /// - Parameter settings: The nodes, in the order in which each event reaches them; if given, comparisons are over
    ///   before the next barrier, so that the script is the same for all orders.
    private func run(_ script: Script, killedAt kill: Int?, _ settings: [ScoreNodeSettings]? = nil) throws -> World {
        var world = World(settings ?? Self.settings, value: Self.value)
        world.disk.killsAt = kill
        for (number, barrier) in script.barriers.enumerated() {
            let epoch = UInt64(number) + 1
            // What challenges was decided on by the job that was planned, whatever has become of it since.
            let made = explanations(of: barrier, epoch: epoch, in: world)
            try world.whateverKillsIt { world in
                try world.advance(to: epoch, explaining: made)
                if settings != nil { try world.wake() }
                if number == script.barriers.count - 1 { try world.end() }
            }
        }
        return world
    }

    private func explanations(
        of barrier: [(latent: Int, number: UInt64, text: String)], epoch: UInt64, in world: World
    ) -> [Explanation] {
        var standing = world.lineage.current(of: "lexical").reduce(into: [Int: JobID]()) { found, explanation in
            if world.lineage.standing(of: explanation.job, by: "lexical") == .incumbent {
                found[explanation.latent] = explanation.job
            }
        }
        return barrier.map { latent, number, text in
            let again = standing[latent].map { ExplainedAgain(standing: $0, reason: .grown) }
            let explanation = Fixture.explanation(
                number, latent: latent, text: text, windows: 100 << epoch, epoch: epoch, again: again)
            if again == nil { standing[latent] = explanation.job }
            return explanation
        }
    }

    /// What a run comes to, whatever was on the way.
    private struct Outcome: Equatable {
        let current: [Explanation]
        let choices: [JobID: [Choice]]
        let scored: Set<[String]>
        let controlled: Set<[String]>

        init(_ world: World) {
            current = world.lineage.current(of: "lexical")
            choices = Dictionary(grouping: world.disk.choices, by: \.challenger)
            scored = Set(
                world.disk.scores.filter { $0.control == nil }.map {
                    [
                        $0.node, $0.explanation.description, $0.round?.contest?.description ?? "",
                        "\($0.round?.look ?? 0) \($0.round?.isReporting ?? false)",
                    ]
                })
            controlled = Set(
                world.disk.scores.filter { $0.control != nil && $0.node == "executed" }.map {
                    [$0.node, "\($0.latent)"]
                })
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func aProcessKilledAtAnyWriteComesToTheSame(_ seed: UInt64) throws {
        let script = Script(seed: seed)
        let whole = try run(script, killedAt: nil)
        let outcome = Outcome(whole)
        #expect(whole.disk.choices.allSatisfy { outcome.choices[$0.challenger]?.count == 1 })
        for kill in 1...max(whole.disk.count, 1) {
            #expect(Outcome(try run(script, killedAt: kill)) == outcome, "seed \(seed), killed at write \(kill)")
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func whoVotesFirstChangesNothing(_ seed: UInt64) throws {
        let script = Script(seed: seed)
        let outcome = Outcome(try run(script, killedAt: nil, Self.settings))
        for turn in 1..<Self.settings.count {
            let turned = Array(Self.settings[turn...] + Self.settings[..<turn])
            #expect(Outcome(try run(script, killedAt: nil, turned)) == outcome)
            #expect(Outcome(try run(script, killedAt: nil, turned.reversed())) == outcome)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func aRunEndsOnceNothingIsOwed(_ seed: UInt64) throws {
        let world = try run(Script(seed: seed), killedAt: nil)
        // Every comparison has been decided on.
        let standing = world.lineage.current(of: "lexical")
        #expect(Set(standing.map(\.latent)).count == standing.count)
        for settings in Self.settings {
            #expect(world.lineage.prospect(of: settings.node) == .nothing)
            let scores = world.disk.scores.filter { $0.node == settings.node && $0.control == nil }
            // Each look scores each of the two once.
            let contests = scores.compactMap { score in
                score.round?.contest.map { [$0.description, "\(score.round?.look ?? 0)", "\(score.explanation)"] }
            }
            #expect(Set(contests).count == contests.count)
            // Whatever has stood a comparison has a headline from the windows that did not decide.
            for explanation in standing
            where settings.scoresExplanations && settings.latents.contains(explanation.latent)
                && Self.value(settings.node, explanation) != nil
            {
                let isCompared = world.disk.choices.contains {
                    !$0.scores.isEmpty && [$0.standing, $0.challenger].contains(explanation.job)
                }
                let headline = world.lineage.latest(among: scores.filter { $0.explanation == explanation.job })
                #expect(headline.count == 1 && headline.first?.round?.contest == nil)
                #expect(headline.first?.round?.isReporting == isCompared)
            }
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func theStateRestoredIsTheStateLived(_ seed: UInt64) throws {
        let script = Script(seed: seed)
        var world = World(Self.settings, value: Self.value)
        for (number, barrier) in script.barriers.enumerated() {
            let epoch = UInt64(number) + 1
            try world.advance(to: epoch, explaining: explanations(of: barrier, epoch: epoch, in: world))
            let restored = World.restored(Self.settings, world.disk)
            #expect(restored.current(of: "lexical") == world.lineage.current(of: "lexical"))
            #expect(candidates(restored) == candidates(world.lineage))
            for explanation in world.disk.explanations {
                let lived = world.lineage.standing(of: explanation.job, by: "lexical")
                #expect(lived != nil && restored.standing(of: explanation.job, by: "lexical") == lived)
            }
            // The reports come to the same by what is stored alone.
            let replayed = Lineage.replay(explanations: world.disk.explanations, choices: world.disk.choices)
            let standing = replayed.standing(among: world.disk.explanations)
            #expect(Set(standing) == Set(world.lineage.standing(among: world.disk.explanations)))
            #expect(Dictionary(grouping: standing, by: \.latent).values.allSatisfy { $0.count == 1 })
        }
    }

    @Test func theScriptsComeToEveryOutcome() throws {
        var outcomes: [ChoiceOutcome: Int] = [:]
        var (abstentions, looks) = (0, [Int: Int]())
        for seed in 1...40 as ClosedRange<UInt64> {
            let world = try run(Script(seed: seed), killedAt: nil)
            for choice in world.disk.choices {
                outcomes[choice.outcome, default: 0] += 1
                abstentions += choice.scores.count { $0.challenger == nil }
                looks[choice.scores.compactMap(\.look).max() ?? 0, default: 0] += 1
            }
        }
        #expect(ChoiceOutcome.allCases.allSatisfy { outcomes[$0] ?? 0 > 5 } && abstentions > 20)
        #expect((1...ComparisonRule.looks).allSatisfy { looks[$0] ?? 0 > 5 })
    }

    private func candidates(_ lineage: Lineage) -> [ExplainOutlook.Candidate] {
        var lineage = lineage
        for case .look(let outlook) in lineage.handle(.evidence, at: "lexical") { return outlook.candidates }
        return []
    }
}
