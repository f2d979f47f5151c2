import Elements
import Foundation
import Hashing
import Store
import Testing

/// Latents explained again while a corpus is read, through `kill -9`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ContinuityTests {
    private struct Report: Decodable {
        struct Scores: Decodable {
            struct Value: Decodable {
                let latent: Int
                let explanation: String
            }
            let node: String
            let values: [Value]
        }
        struct Again: Decodable {
            let node: String
            let outcomes: [String: Int]
            let open: Int
        }
        let explanations: [String: Int]
        let scores: [Scores]
        let explained_again: [Again]
    }

    @Test func whateverKillsTheDaemonEachChallengerIsDecidedOnceByScoresOnTheSameWindows() throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 1500)
        let path = try subject.topology("live", source: "{ type: file, path: \"\(corpus)\" }")
        // Explained while the corpus is read, and soon again.
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "when: drained", with: "when: ready, regrowth: 2")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let program = GlossProgram()
        for checkpoints in [2, 1, 3, 2] {
            _ = try program.runAndKill(
                ["run", path, "--until-drained", "--verbose"], afterCheckpoints: checkpoints)
        }
        let last = try program.run(["run", path, "--until-drained", "--quiet"])
        try #require(last.status == 0, "\(last.errors)")

        let reader = try Store.reader(directory: subject.state("live"))
        let explanations = try reader.explanations(of: "lexical")
        let again = explanations.filter { $0.provenance.again != nil }
        let choices = try reader.choices().map(\.choice)
        #expect(again.count > 20)
        #expect(Set(choices.map(\.challenger)) == Set(again.map(\.job)) && choices.count == again.count)
        // What is replaced is replaced once: a latent's explanations stand one after the other.
        let replaced = choices.filter { $0.outcome == .replaced }
        #expect(Set(replaced.map(\.standing)).count == replaced.count)

        let stored = try reader.scores()
        let scores = stored.filter { $0.round?.contest != nil }
        for choice in choices {
            for pair in choice.scores where pair.standing != nil || pair.challenger != nil {
                // A node that was killed on the way may have scored the two again, later: always both.
                let contest = scores.filter {
                    $0.round?.contest == choice.challenger && $0.round?.look == pair.look && $0.node == pair.node
                }
                let epochs = Dictionary(grouping: contest) { $0.round?.epoch ?? 0 }
                let decisive = epochs.values.filter { scores in
                    scores.first { $0.explanation == choice.challenger }?.headline?.value == pair.challenger
                        && scores.first { $0.explanation == choice.standing }?.headline?.value == pair.standing
                }
                #expect(decisive.count >= 1 && decisive.allSatisfy { Set($0.map(\.judged)).count == 1 })
            }
        }
        // Whatever has stood a comparison to the end has a headline from the windows that decided nothing, unless
        // these lack a class: some latents are silent in a few windows of the pool only. Of twelve some are in there.
        let compared = choices.filter { choice in
            choice.scores.contains { $0.node == "executed" && $0.standing != nil && $0.challenger != nil }
        }
        let winners = compared.map { ($0.outcome == .replaced ? $0.challenger : $0.standing, $0.latent) }
        var won = Dictionary(winners) { first, _ in first }
        for choice in replaced { won[choice.standing] = nil }
        let reported = headlines(among: stored)
        let unreported = won.filter { !reported.contains($0.key) }
        let plenty = Set(stored.filter { hasManyOfEachClass($0) }.map(\.latent))
        #expect(won.values.count { plenty.contains($0) } > 20)
        #expect(plenty.isDisjoint(with: unreported.values))
        for (_, line) in Dictionary(grouping: again, by: \.latent) {
            let windows = line.compactMap { $0.provenance.basis?.windowsFired }.sorted()
            #expect(zip(windows, windows.dropFirst()).allSatisfy { $1 >= 2 * $0 })
        }

        let outcome = try program.run(["report", subject.state("live"), "--json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        #expect(report.explained_again.map(\.node) == ["lexical"] && report.explained_again.first?.open == 0)
        #expect(report.explained_again.first?.outcomes["replaced"] ?? 0 == replaced.count)
        #expect(report.explanations["lexical"] == Set(explanations.map(\.latent)).count)
        let past = Set(replaced.map(\.standing))
        let standing = explanations.filter { explanation in
            !past.contains(explanation.job)
                && (explanation.provenance.again == nil || replaced.contains { $0.challenger == explanation.job })
        }
        let texts = Dictionary(standing.map { ($0.latent, $0.text) }) { first, _ in first }
        let executed = try #require(report.scores.first { $0.node == "executed" })
        #expect(Set(executed.values.map(\.latent)).count == executed.values.count)
        #expect(executed.values.allSatisfy { texts[$0.latent] == $0.explanation })
        let table = try program.run(["report", subject.state("live")])
        #expect(table.output.contains("EXPLAINED AGAIN") && table.output.contains("CURRENT BESIDE ALL-TIME"))
        try expectNoHeadlineCanCome(of: unreported, in: subject.state("live"), topology: path)
    }

    /// Explanations that have a headline from the windows that decided nothing.
    private func headlines(among scores: [Score]) -> Set<JobID> {
        Set(scores.filter { $0.node == "executed" && $0.round?.isReporting == true }.map(\.explanation))
    }

    /// Whether a score rests on all of its latent's windows, and on many in which it fires and in which it does not.
    private func hasManyOfEachClass(_ score: Score) -> Bool {
        guard score.node == "executed", score.control == nil, let round = score.round, round.contest == nil,
            !round.isReporting
        else { return false }
        return ["true_positive_rate", "true_negative_rate"].allSatisfy { score.details[$0]?.count ?? 0 >= 12 }
    }

    /// Neither the next start, which owes what is not stored, nor a request of a person comes to such a headline.
    ///
    /// - Parameter unreported: The latents of explanations without one, by job.
    private func expectNoHeadlineCanCome(
        of unreported: [JobID: Int], in state: String, topology: String
    ) throws {
        let program = GlossProgram()
        func run() throws -> (reported: Set<JobID>, errors: String) {
            let outcome = try program.run(["run", topology, "--until-drained", "--quiet"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            return (headlines(among: try Store.reader(directory: state).scores()), outcome.errors)
        }
        // What was decided before the last windows came may have a headline with those.
        let reported = try run().reported
        let left = unreported.filter { !reported.contains($0.key) }
        for latent in left.values {
            let asked = try program.run(["rescore", state, "--latent", "\(latent)", "--node", "executed"])
            try #require(asked.status == 0, "\(asked.errors)")
        }
        let last = try run()
        #expect(last.reported.isDisjoint(with: left.keys))
        #expect(last.errors.components(separatedBy: "no score came of it").count - 1 == left.count)
    }
}
