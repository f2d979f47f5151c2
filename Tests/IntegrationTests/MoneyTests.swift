import Elements
import Foundation
import RuleJudgeServer
import Store
import Testing

/// Whole runs that ask a server for less, and no more than they may.
@Suite(.timeLimit(.minutes(10))) struct MoneyTests {
    private struct Spending: Decodable {
        struct Model: Decodable {
            let calls: Int
            let tokens_in: Int
            let tokens_out: Int
            let cost: Double?
        }

        let spent: [String: Model]
    }

    /// Writes the endpoint's topology with some of its text changed.
    private func topology(
        _ name: String, subject: TinySubject, corpus: String, port: Int, _ edits: [(String, String)]
    ) throws -> String {
        let path = try subject.endpointTopology(name, corpus: corpus, port: port)
        var text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        for (old, new) in edits {
            #expect(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        try text.write(to: URL(filePath: path), atomically: true, encoding: .utf8)
        return path
    }

    private func spending(_ run: EndpointRun) throws -> Spending {
        try JSONDecoder().decode(Spending.self, from: Data(run.json.utf8))
    }

    @Test func aSpentBudgetLeavesJobsOpenUntilAStartWithALargerOne() async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 60)
        let prices = ("model: rule,", "model: rule, price_input: 3, price_output: 6,")
        let whole = try await EndpointRun.run(
            topology("whole", subject: subject, corpus: corpus, port: server.port, [prices]),
            state: subject.state("whole"))
        try #require(whole.status == 0 && whole.count(.failed) == 0, "\(whole.errors)")
        let all = try #require(try spending(whole).spent["judge"])
        let asked = server.requests.count
        #expect(all.calls == asked)
        #expect(all.tokens_in == server.requests.compactMap(\.chat).reduce(0) { $0 + $1.words })
        #expect(abs((all.cost ?? 0) - (Double(all.tokens_in) * 3 + Double(all.tokens_out) * 6) / 1e6) < 1e-9)
        #expect(whole.json.contains("\"budget_spent\":false") && whole.table.contains("SPENT ON SERVERS"))

        func run(_ budget: String) async throws -> EndpointRun {
            try await EndpointRun.run(
                topology(
                    "bounded", subject: subject, corpus: corpus, port: server.port,
                    [prices, ("models:", "budget: { \(budget) }\nmodels:")]), state: subject.state("bounded"))
        }
        let limit = (all.tokens_in + all.tokens_out) / 2
        let half = try await run("tokens: \(limit)")
        #expect(half.status == 0 && half.count(.failed) == 0 && half.count(.open) > 0 && half.count(.done) > 0)
        #expect(half.errors.contains("budget spent: "), "\(half.errors)")
        #expect(half.table.contains("  budget spent: ") && half.json.contains("\"budget_spent\":true"))
        let first = try #require(try spending(half).spent["judge"])
        // No more is overdrawn than the calls that were under way.
        #expect(first.tokens_in + first.tokens_out >= limit)
        #expect(first.tokens_in + first.tokens_out < limit + 8 * (all.tokens_in + all.tokens_out) / asked)
        let after = server.requests.count

        let again = try await run("tokens: \(limit)")
        #expect(again.status == 0 && again.count(.failed) == 0 && again.count(.open) >= half.count(.open))
        #expect(server.requests.count == after)

        let larger = try await run("tokens: \(10 * limit), cost: 1000")
        #expect(larger.count(.failed) == 0 && larger.count(.open) == 0, "\(larger.errors)")
        #expect(larger.content == whole.content)
        #expect(larger.json.contains("\"budget_spent\":false") && !larger.table.contains("budget spent"))
        await server.stop()
    }

    @Test func cheaperScoresSettleFirstAndTheRestStopsWhenEnoughIsKnown() async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 60)
        let judged = "fuzzed:   { type: score,     inputs: [prose], method: fuzzing,"
        let cascade = """
            fuzzed:   { type: score,     inputs: [lexical, executed], method: fuzzing, settle_below: 0.6,
                          settle_above: 0.7, stopping: verdict, threshold: 0.6, controls: 2,
            """
        let detection = "inputs: [prose, lexical], method: detection,"
        let edits = [
            (judged, cascade), (detection, detection + " stopping: interval, half_width: 0.3, "),
            ("examples: 6, answers: auto, latents: { sample: 6, seed: 1 }", "examples: 6, answers: auto, latents: all"),
        ]
        let path = try topology("cascade", subject: subject, corpus: corpus, port: server.port, edits)
        #expect(try GlossProgram().run(["validate", path]).status == 0)
        let run = try await EndpointRun.run(path, state: subject.state("cascade"))
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.count(.failed) == 0 && run.count(.open) == 0)
        let reader = try Store.reader(directory: subject.state("cascade"))
        let executed = Dictionary(
            try reader.scores(of: "executed").filter { $0.control == nil }.map { ($0.explanation, $0) }
        ) { $1 }
        let fuzzed = try reader.scores(of: "fuzzed").filter { $0.control == nil }
        let settled = fuzzed.filter { $0.sequential?.settledBy != nil }
        #expect(settled.allSatisfy { $0.sequential?.settledBy == "executed" && $0.headline == nil && $0.tokensIn == 0 })
        #expect(!settled.isEmpty && settled.count < fuzzed.count)
        #expect(Set(fuzzed.map(\.explanation)).count == fuzzed.count)
        for score in fuzzed {
            guard let cheap = executed[score.explanation]?.headline else {
                #expect(score.sequential?.settledBy == nil)
                continue
            }
            #expect((score.sequential?.settledBy != nil) == (cheap.upper < 0.6 || cheap.lower > 0.7))
            #expect(score.sequential?.verdict != "undecided")
        }
        let asked = fuzzed.compactMap(\.sequential).filter { $0.settledBy == nil }
        #expect(asked.allSatisfy { $0.asked > 0 && $0.asked <= $0.available })
        #expect(run.table.contains("ASKED ONLY UNTIL ENOUGH WAS KNOWN"))
        #expect(run.table.contains("\(settled.count) settled by executed, without a judge"))

        // Nothing is asked or settled twice.
        let before = server.requests.count
        let again = try await EndpointRun.run(path, state: subject.state("cascade"))
        #expect(again.status == 0 && again.content == run.content && server.requests.count == before)
        await server.stop()
    }

    @Test func aCascadeThatCannotSettleAnythingIsRefused() async throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 4)
        let judged = "fuzzed:   { type: score,     inputs: [prose], method: fuzzing,"
        for (new, words) in [
            ("inputs: [prose, executed], method: fuzzing,", "neither `settle_below` nor `settle_above`"),
            ("inputs: [prose], method: fuzzing, settle_above: 0.9,", "no scores among its `inputs`"),
            ("inputs: [prose, detected], method: fuzzing, settle_above: 0.9,", "only those of execution and embedding"),
            ("inputs: [prose, executed], method: fuzzing, settle_above: 0.2, settle_below: 0.3,", "settle both ways"),
        ] {
            let path = try topology(
                "refused", subject: subject, corpus: corpus, port: 9,
                [(judged, "fuzzed:   { type: score, " + new)])
            let outcome = try GlossProgram().run(["validate", path])
            #expect(outcome.status != 0 && (outcome.output + outcome.errors).contains(words))
        }
    }
}
