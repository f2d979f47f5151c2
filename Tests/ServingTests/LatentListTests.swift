import Elements
import Foundation
import Observability
import StateFixtures
import Store
import TestSupport
import Testing

@testable import Serving

/// The list of latents against the pages of the latents, which read each by itself.
@Suite(.timeLimit(.minutes(5))) struct LatentListTests {
    private static let cached = CoderIdentity(
        name: "cached", hookpoint: "layers.3.mlp", latents: 256, digest: Fixture.hash(8))

    private let directory: TemporaryDirectory
    private let store: Store
    private let pages: LatentPages

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        pages = LatentPages(
            reader: try Store.reader(directory: directory.state), coders: [Fixture.coder, Self.cached],
            latestEvidence: LatestEvidence())
    }

    private func explanation(
        _ number: UInt64, _ coder: CoderIdentity, _ latent: Int, _ node: String, over standing: JobID? = nil
    ) -> Explanation {
        let plain = Fixture.explanation(
            number, epoch: number, again: standing.map { ExplainedAgain(standing: $0, reason: .fallen) },
            node: node)
        return Explanation(
            job: plain.job, node: node, coder: coder, latent: latent, text: "label \(number) \"é\u{85}\"",
            predicate: nil, provenance: plain.provenance)
    }

    private func score(
        _ number: UInt64, of explanation: Explanation, _ node: String, control: String? = nil
    ) -> Score {
        Score(
            job: Fixture.hash(number), node: node, method: "execution", coder: explanation.coder,
            latent: explanation.latent, explanation: explanation.job, explainedBy: explanation.node,
            text: explanation.text, headline: nil, details: [:], judged: 40, failed: 0, tokensIn: 0, tokensOut: 0,
            control: control)
    }

    /// Adds what may become of a latent, at random: explanations of two nodes, made again and decided on or not yet,
    /// scored by two nodes in several rounds, controls, and jobs that were given up; or nothing at all.
    private func fill(_ coder: CoderIdentity, _ latent: Int, _ random: inout SplitMix, _ number: inout UInt64) throws {
        func next() -> UInt64 {
            number += 1
            return number
        }
        for node in ["lexical", "prose"] where Bool.random(using: &random) {
            var standing = explanation(next(), coder, latent, node)
            try store.record(explanations: [standing], scores: [score(next(), of: standing, "executed")])
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let challenger = explanation(next(), coder, latent, node, over: standing.job)
                try store.record(
                    explanations: [challenger],
                    scores: [
                        score(next(), of: challenger, "executed"), score(next(), of: standing, "detected"),
                        score(next(), of: challenger, "detected", control: "shuffled"),
                    ])
                let outcomes: [ChoiceOutcome?] = [.replaced, .kept, .confirmed, nil]
                guard let outcome = outcomes[random.below(outcomes.count)] else { continue }
                let choice = Choice(
                    challenger: challenger.job, standing: standing.job, node: node, coder: coder, latent: latent,
                    reason: .fallen, outcome: outcome, scores: [], epoch: number)
                try store.record(choices: [choice])
                if outcome == .replaced { standing = challenger }
            }
        }
        guard Int.random(in: 0..<4, using: &random) == 0 else { return }
        let job = PlannedJob(
            id: Fixture.hash(next()), node: "prose", kind: .explain, coder: coder.name, latent: latent, payload: [])
        try store.insertJobs([job])
        try store.fail(job: job.id, reason: "no answer", attempts: 2)
    }

    /// What a page of the list must be, made of the pages of its latents.
    private func naive(coder: String?, after last: LatentKey?, limit: Int) throws -> String {
        func isAfter(_ key: LatentKey) -> Bool {
            guard let last else { return true }
            return (key.coder, key.latent) > (last.coder, last.latent)
        }
        let keys = [("cached", 256), ("codes", 300)].flatMap { name, latents in
            (0..<latents).map { LatentKey(coder: name, latent: $0) }
        }
        let known = try keys.filter {
            try (coder ?? $0.coder) == $0.coder && isAfter($0)
                && !pages.reader.events(coder: $0.coder, latent: $0.latent).isEmpty
        }.prefix(limit)
        let items = try known.map { key in
            let page = try pages.page(key)
            let end = try #require(page.range(of: ",\"evidence\":null,\"explanation_history\":"))
            return "{" + page[..<end.lowerBound].dropFirst("{\"v\":1,".count) + "}"
        }
        let empty = try pages.list(coder: nil, after: LatentKey(coder: "z", latent: 0), limit: 1)
        let next = known.count == limit ? known.last.map { "\"\($0.coder)/\($0.latent)\"" } : nil
        return empty.replacing(
            "\"latents\":[],\"next\":null",
            with: "\"latents\":[\(items.joined(separator: ","))],\"next\":\(next ?? "null")")
    }

    @Test func aPageOfTheListIsWhatThePagesOfItsLatentsSay() throws {
        var random = SplitMix(seed: 11)
        var number: UInt64 = 0
        for (coder, latents) in [(Fixture.coder, 0..<300), (Self.cached, 20..<60)] {
            for latent in latents where latent % 5 < 2 { try fill(coder, latent, &random, &number) }
        }
        let places = [
            nil, LatentKey(coder: "cached", latent: 31), LatentKey(coder: "cached", latent: 255),
            LatentKey(coder: "codes", latent: -1), LatentKey(coder: "codes", latent: 88),
            LatentKey(coder: "a", latent: 7), LatentKey(coder: "z", latent: 7),
        ]
        for coder in [nil, "cached", "codes"] {
            for place in places {
                for limit in [1, 20, 500] {
                    #expect(
                        try pages.list(coder: coder, after: place, limit: limit)
                            == naive(coder: coder, after: place, limit: limit),
                        "\(coder ?? "") \(String(describing: place)) \(limit)")
                }
            }
        }
        // Everything that a latent can have is there to be compared.
        let all = try pages.list(coder: nil, after: nil, limit: 500)
        for state in ["failed", "scored"] { #expect(all.contains("\"state\":\"\(state)\"")) }
        #expect(all.contains("\"control\":\"shuffled\""))
        let outlines = try pages.reader.outlines(limit: 500)
        #expect(outlines.contains { $0.past.count > 1 } && outlines.contains { $0.past.isEmpty })
    }
}
