import Elements
import StateFixtures
import StateNotes
import Testing

@testable import Reports

/// Which nodes can be compared, as what, and why not.
@Suite struct ComparedNodesTests {
    private let chance = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 9, digest: Fixture.hash(9))

    private func scores(
        _ node: String, of explainer: String, method: String = "detection", latents: ClosedRange<Int> = 1...4,
        coder: CoderIdentity = Fixture.coder
    ) -> [Score] {
        latents.map {
            Fixture.score($0, Double($0) / 10, node: node, method: method, explainedBy: explainer, coder: coder)
        }
    }

    private func settings(_ nodes: [(String, String, [String: String])]) -> [String: NodeSettings] {
        Dictionary(
            nodes.enumerated().map { ($1.0, NodeSettings(place: $0, type: $1.1, fields: $1.2)) }
        ) { first, _ in first }
    }

    private func nodes(_ scores: [Score], _ settings: [String: NodeSettings] = [:]) -> ComparedNodes {
        ComparedNodes(summaries: ScoreSummary.summaries(of: scores), explanations: [], settings: settings)
    }

    private static let plain = ["explainer": "default", "model": "m", "sampling": "quantiles", "examples": "40"]

    @Test(arguments: [
        (["sampling": "top"], ComparisonKind.samplers), (["examples": "10"], .examples),
        (["strengths": "false"], .prompts), (["chain_of_thought": "true"], .prompts), (["model": "n"], .explainers),
        (["explainer": "contrastive", "sampling": "top"], .explainers), (["window": "64"], .windows),
        (["latents": "all"], .explainers), (["sampling": "top", "examples": "10"], .samplers),
    ])
    func whatExplainNodesDifferInFollowsFromTheirSettings(change: [String: String], kind: ComparisonKind) throws {
        let changed = Self.plain.merging(change) { $1 }
        let own = nodes(
            scores("detected", of: "a") + scores("detected", of: "b"),
            settings([("a", "explain", Self.plain), ("b", "explain", changed), ("detected", "score", [:])]))
        let pairs = try own.pairs("a", "b", method: nil)
        #expect(pairs.map(\.kind) == [kind] && pairs.map(\.common) == ["detected"])
        // Which latents are taken is no difference of what is made of them.
        #expect(pairs.first?.differences.keys.contains("latents") == false)
    }

    @Test func scoreNodesOfTwoModelsAreJudgesAndOfTwoMethodsMethods() throws {
        let own = nodes(
            scores("small", of: "a") + scores("large", of: "a") + scores("fuzzed", of: "a", method: "fuzzing")
                + scores("again", of: "a"),
            settings([
                ("small", "score", ["model": "s", "seed": "0"]), ("large", "score", ["model": "l", "seed": "0"]),
                ("again", "score", ["model": "s", "seed": "1"]), ("fuzzed", "score", ["model": "s", "seed": "0"]),
            ]))
        #expect(try own.pairs("small", "large", method: nil).map(\.kind) == [.judges])
        #expect(try own.pairs("small", "fuzzed", method: nil).map(\.kind) == [.methods])
        #expect(try own.pairs("small", "again", method: nil).map(\.kind) == [.scorers])
        #expect(own.allPairs().map(\.kind) == [.methods, .methods, .methods, .judges, .judges, .scorers])
    }

    @Test func windowsOfAnotherLengthAreComparedAcrossTheirScoreNodes() throws {
        let own = nodes(
            scores("detected", of: "a") + scores("long-detected", of: "long"),
            settings([
                ("a", "explain", Self.plain.merging(["window": "32"]) { $1 }),
                ("long", "explain", Self.plain.merging(["window": "64"]) { $1 }),
                ("detected", "score", ["model": "m", "controls": "100"]),
                ("long-detected", "score", ["model": "m", "controls": "8"]),
            ]))
        let pairs = try own.pairs("a", "long", method: nil)
        #expect(pairs.map(\.kind) == [.windows] && pairs.map(\.common) == ["detected, long-detected"])
    }

    @Test func codersAreComparedByScoresMadeInOneWay() throws {
        let own = nodes(
            scores("detected", of: "a") + scores("chance-detected", of: "of-chance", coder: chance)
                + scores("chance-fuzzed", of: "of-chance", method: "fuzzing", coder: chance),
            settings([
                ("a", "explain", Self.plain), ("of-chance", "explain", Self.plain),
                ("detected", "score", ["model": "m"]), ("chance-detected", "score", ["model": "m"]),
                ("codes", "encode", [:]), ("chance", "encode", ["coder": "random"]),
            ]))
        let pairs = try own.pairs("codes", "chance", method: nil)
        #expect(pairs.map(\.kind) == [.coders])
        #expect(pairs.map(\.common) == ["detected(a), chance-detected(of-chance)"])
    }

    @Test(arguments: [
        ("a", "a", "a is named twice; name two nodes"),
        (
            "a", "nope",
            "no node `nope` has a score here; there are: a, b, lone, far, detected, fuzzed, other, codes, chance"
        ),
        ("a", "detected", "a is an explain node and detected is a score node; compare two of one type"),
        (
            "a", "lone",
            "a and lone cannot be compared: no score node has scored both (a: detected, fuzzed; lone: other); let one read both"
        ),
        (
            "a", "far",
            "a and far cannot be compared: they explain latents of two coders, codes and chance; compare these"
        ),
        (
            "detected", "other",
            "detected and other cannot be compared: they have scored no explain node in common "
                + "(detected: a, b, far; other: lone); let both read one"
        ),
        ("a", "b", "a and b cannot be compared: no latent has a score with both"),
    ])
    func whatCannotBeComparedIsSaidToBeSo(a: String, b: String, text: String) {
        let own = nodes(
            scores("detected", of: "a") + scores("detected", of: "b", latents: 5...8) + scores("other", of: "lone")
                + scores("fuzzed", of: "a", method: "fuzzing", latents: 1...4)
                + scores("detected", of: "far", coder: chance),
            settings([
                ("a", "explain", [:]), ("b", "explain", [:]), ("lone", "explain", [:]), ("far", "explain", [:]),
                ("detected", "score", [:]), ("fuzzed", "score", [:]), ("other", "score", [:]), ("codes", "encode", [:]),
                ("chance", "encode", [:]),
            ]))
        // Two coders scored by one node: the node's own name stands for both.
        let error = #expect(throws: ComparisonError.self) { try own.pairs(a, b, method: nil) }
        #expect(error?.description == text)
    }

    @Test func aMethodThatHasNoScoresOfBothIsNamedWithThoseThatHave() throws {
        let own = nodes(scores("detected", of: "a") + scores("detected", of: "b"))
        let error = #expect(throws: ComparisonError.self) { try own.pairs("a", "b", method: "fuzzing") }
        #expect(
            error?.description == "no scores of method `fuzzing` can be compared; there are: detection")
        #expect(try own.pairs("a", "b", method: "detection").count == 1)
    }

    @Test func aReportSetsEachNodeBesideTheFirstOfItsKind() {
        let own = nodes(["a", "b", "c"].flatMap { scores("detected", of: $0) })
        #expect(own.allPairs().map { [$0.nodes.a, $0.nodes.b] } == [["a", "b"], ["a", "c"], ["b", "c"]])
        #expect(own.allPairs(besideFirst: true).map { [$0.nodes.a, $0.nodes.b] } == [["a", "b"], ["a", "c"]])
    }

    @Test func aStateOfAnOlderVersionIsComparedByWhatItsExplanationsSay() throws {
        let explanations = [("a", "quantiles"), ("b", "top")].map { node, sampling in
            Explanation(
                job: Fixture.hash(1), node: node, coder: Fixture.coder, latent: 1, text: "dates", predicate: nil,
                provenance: Provenance(
                    explainer: "default", sampling: sampling, promptVersion: "1", model: "m", seed: 0,
                    evidenceDigest: Fixture.hash(4), epoch: 1, shown: []))
        }
        let own = ComparedNodes(
            summaries: ScoreSummary.summaries(of: scores("detected", of: "a") + scores("detected", of: "b")),
            explanations: explanations, settings: [:])
        let pair = try #require(own.pairs("a", "b", method: nil).first)
        #expect(pair.kind == .samplers && pair.differences == ["sampling": ["quantiles", "top"]])
    }
}
