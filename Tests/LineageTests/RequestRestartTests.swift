import Elements
import Hashing
import Testing

@testable import Lineage

/// What persons ask for is done once, wherever the process is killed, and what they decide stands.
@Suite struct RequestRestartTests {
    private static let settings: [ScoreNodeSettings] = [
        Fixture.settings("executed"), Fixture.settings("detected", latents: [0, 1]),
    ]

    private static func value(_ node: String, _ explanation: Explanation) -> Double? {
        var draws = Draws(state: explanation.job.low &* 31 &+ UInt64(node.utf8.count))
        _ = draws.next(2)
        return Double(draws.next(9)) / 8
    }

    /// What is asked for at each barrier.
    private static func script(_ seed: UInt64) -> [[AskedWorld.Asked]] {
        var draws = Draws(state: seed)
        return (0..<4).map { _ in
            (0..<draws.next(4)).map { _ in
                let latent = Int(draws.next(3))
                switch draws.next(4) {
                case 0: return .label(latent: latent)
                case 1: return .explanation(latent: latent)
                case 2: return .pin(latent: latent)
                default: return .score(latent: latent)
                }
            }
        }
    }

    /// Runs a script of requests, beside explanations of each latent at the first barrier and challengers at later ones.
    private func run(_ seed: UInt64, killedAt kill: Int?) throws -> World {
        var world = World(Self.settings, value: Self.value)
        world.disk.killsAt = kill
        var id: RequestID = 0
        for (number, barrier) in Self.script(seed).enumerated() {
            let epoch = UInt64(number) + 1
            for asked in barrier {
                id += 1
                world.disk.requests.append(AskedWorld(id: id, asked: asked))
            }
            let made = explanations(at: epoch, in: world)
            try world.whateverKillsIt { world in
                try world.advance(to: epoch, explaining: made)
                try world.takeRequests()
                try world.wake()
            }
        }
        return world
    }

    private func explanations(at epoch: UInt64, in world: World) -> [Explanation] {
        (0..<3).map { latent in
            let again = world.lineage.incumbent(of: latent, by: "lexical").map {
                ExplainedAgain(standing: $0.job, reason: .grown)
            }
            return Fixture.explanation(
                epoch * 10 + UInt64(latent), latent: latent, windows: 100 << epoch, epoch: epoch, again: again)
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func everyRequestIsDoneOnceWhereverTheProcessIsKilled(_ seed: UInt64) throws {
        let asked = Self.script(seed).reduce(0) { $0 + $1.count }
        let whole = try run(seed, killedAt: nil)
        for kill in [nil] + (1...max(whole.disk.count, 1)).map(Optional.some) {
            let world = try run(seed, killedAt: kill)
            #expect(world.disk.requests.isEmpty, "seed \(seed), killed at \(kill ?? 0)")
            #expect(world.disk.done.count == asked && world.disk.done.values.allSatisfy { $0 == 1 })
            #expect(Set(world.disk.explanations.map(\.job)).count == world.disk.explanations.count)
            let challengers = world.disk.choices.map(\.challenger)
            #expect(Set(challengers).count == challengers.count)
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func whatIsPinnedStandsWhateverCameAfterAndAcrossRestarts(_ seed: UInt64) throws {
        let whole = try run(seed, killedAt: nil)
        for kill in 1...max(whole.disk.count, 1) {
            let world = try run(seed, killedAt: kill)
            let restored = World.restored(Self.settings, world.disk)
            for lineage in [world.lineage, restored] {
                for job in world.disk.pins {
                    #expect(lineage.standing(of: job, by: "lexical") == .incumbent)
                    #expect(!world.disk.choices.contains { $0.standing == job && $0.outcome == .replaced })
                }
                // Nothing is being compared with it either.
                for explanation in lineage.current(of: "lexical") where world.disk.pins.contains(explanation.job) {
                    #expect(!lineage.isComparing(latent: explanation.latent))
                }
            }
        }
    }

    @Test func theScriptsComeToEveryKind() throws {
        var (pins, labels, asked, ended) = (0, 0, 0, 0)
        for seed in 1...30 as ClosedRange<UInt64> {
            let world = try run(seed, killedAt: nil)
            pins += world.disk.pins.count
            labels += world.disk.choices.count { $0.reason == .labelled && $0.outcome == .replaced }
            asked += world.disk.explanations.count { $0.provenance.again?.reason == .asked }
            ended += world.disk.choices.count { world.disk.pins.contains($0.standing) && $0.outcome == .kept }
        }
        #expect(pins > 5 && labels > 5 && asked > 5 && ended > 5)
    }
}
